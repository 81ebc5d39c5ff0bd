// SPDX-License-Identifier: MIT
#include "milter/judging_turns.h"

namespace coldpitch {

std::size_t JudgingTurns::Queue::size() const {
  std::size_t count = 0;
  for (const Waiter* at = first_; at != nullptr; at = at->next) ++count;
  return count;
}

void JudgingTurns::Queue::push(Waiter& waiter) {
  Waiter** place = &first_;
  while (*place != nullptr) place = &(*place)->next;
  *place = &waiter;
}

JudgingTurns::Waiter& JudgingTurns::Queue::pop() {
  Waiter& waiter = *first_;
  first_ = waiter.next;
  return waiter;
}

void JudgingTurns::Queue::remove(const Waiter& waiter) {
  Waiter** place = &first_;
  while (*place != &waiter) place = &(*place)->next;
  *place = waiter.next;
}

JudgingTurns::Turn::Turn(JudgingTurns& turns, Terms terms) : turns_(turns), terms_(terms) {
  was_forced_ = !turns_.begin(terms_, false);
}

JudgingTurns::Turn::~Turn() { turns_.end(); }

JudgingTurns::Break::Break(Turn* turn) : turn_(turn) {
  if (turn_ != nullptr) turn_->turns_.end();
}

JudgingTurns::Break::~Break() {
  if (turn_ == nullptr) return;
  const bool in_time = turn_->turns_.begin(turn_->terms_, true);
  turn_->was_forced_ = turn_->was_forced_ || !in_time;
}

/// False when patience was over first.
bool JudgingTurns::begin(Terms terms, bool returns) {
  Lock lock(mutex_);
  at_once_ = terms.at_once;
  const bool is_next = returns || new_.empty();
  if (under_way_ < at_once_ && is_next && returning_.empty()) {
    ++under_way_;
    return true;
  }
  Waiter self;
  Queue& queue = returns ? returning_ : new_;
  queue.push(self);
  if (self.called.wait_for(lock.waiting(), terms.patience, [&] { return self.may_begin; })) return true;
  queue.remove(self);
  ++under_way_;
  return false;
}

void JudgingTurns::end() {
  const Lock lock(mutex_);
  --under_way_;
  while (under_way_ < at_once_ && !(returning_.empty() && new_.empty())) {
    Waiter& next = (returning_.empty() ? new_ : returning_).pop();
    ++under_way_;
    next.may_begin = true;
    next.called.notify_one();
  }
}

std::size_t JudgingTurns::under_way() const {
  const Lock lock(mutex_);
  return under_way_;
}

std::size_t JudgingTurns::waiting() const {
  const Lock lock(mutex_);
  return new_.size() + returning_.size();
}

}  // namespace coldpitch
