// SPDX-License-Identifier: MIT
#include "milter/edits.h"

#include <libmilter/mfapi.h>

#include <string>
#include <vector>

namespace coldpitch {
namespace {

tl::unexpected<Error> refused(const char* what, const std::string& name) {
  return tl::unexpected(Error{Code::temporary, 0, std::string(what) + " of " + name + " was refused"});
}

/// libmilter's interface is older than const; it copies what it is given.
std::vector<char> c_string(const std::string& text) { return {text.c_str(), text.c_str() + text.size() + 1}; }

}  // namespace

Result<void> EndOfMessage::change(const char* name, std::size_t index, const std::string* body) {
  std::vector<char> field = c_string(name);
  std::vector<char> value;
  if (body != nullptr) value = c_string((leading_space_kept_ ? " " : "") + *body);
  const int done = smfi_chgheader(context_, field.data(), static_cast<int>(index),
                                  body == nullptr ? nullptr : value.data());
  if (done != MI_SUCCESS) return refused("change", name);
  return {};
}

Result<void> EndOfMessage::insert_on_top(const std::string& name, const std::string& body) {
  std::vector<char> field = c_string(name);
  std::vector<char> value = c_string((leading_space_kept_ ? " " : "") + body);
  if (smfi_insheader(context_, 0, field.data(), value.data()) != MI_SUCCESS)
    return refused("insertion", name);
  return {};
}

Result<void> EndOfMessage::apply(const EditsPlan& plan) {
  for (const FieldRemoval& removal : plan.removals) {
    if (auto done = change(removal.name.c_str(), removal.index, nullptr); !done) return done;
  }
  if (!plan.subject.empty()) {
    auto done =
        plan.subject_absent ? insert_on_top("Subject", plan.subject) : change("Subject", 1, &plan.subject);
    if (!done) return done;
  }
  // Each goes to the very top, so the first of the plan comes last.
  for (auto field = plan.additions.rbegin(); field != plan.additions.rend(); ++field) {
    if (auto done = insert_on_top(field->name, field->body); !done) return done;
  }
  if (!plan.quarantine.empty()) {
    std::vector<char> reason = c_string(plan.quarantine);
    if (smfi_quarantine(context_, reason.data()) != MI_SUCCESS) return refused("quarantine", "the message");
  }
  if (plan.disposition == Disposition::reject) {
    std::vector<char> code = c_string("550");
    std::vector<char> status = c_string("5.7.1");
    std::vector<char> text = c_string(plan.reply);
    if (smfi_setreply(context_, code.data(), status.data(), text.data()) != MI_SUCCESS) {
      return refused("reply", "the message");
    }
  }
  return {};
}

}  // namespace coldpitch
