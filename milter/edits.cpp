// SPDX-License-Identifier: MIT
#include "milter/edits.h"

#include <libmilter/mfapi.h>

#include <string>
#include <vector>

#include "milter/log.h"

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

Result<void> EndOfMessage::edit_fields(const EditsPlan& plan) {
  for (const FieldRemoval& removal : plan.removals) {
    if (auto done = change(removal.name.c_str(), removal.index, nullptr); !done) return done;
  }
  // Each goes to the very top, so the first of the plan comes last.
  for (auto field = plan.additions.rbegin(); field != plan.additions.rend(); ++field) {
    if (auto done = insert_on_top(field->name, field->body); !done) return done;
  }
  if (plan.subject.empty()) return {};
  return plan.subject_absent ? insert_on_top("Subject", plan.subject) : change("Subject", 1, &plan.subject);
}

Result<void> EndOfMessage::edit_recipients(const EditsPlan& plan) {
  for (const std::string& path : plan.added_recipients) {
    std::vector<char> recipient = c_string(path);
    if (smfi_addrcpt(context_, recipient.data()) != MI_SUCCESS) return refused("addition", "a recipient");
  }
  for (const std::string& path : plan.deleted_recipients) {
    std::vector<char> recipient = c_string(path);
    if (smfi_delrcpt(context_, recipient.data()) != MI_SUCCESS) return refused("removal", "a recipient");
  }
  return {};
}

/// Without a text of ours the MTA refuses with its own: nothing to fail for.
void EndOfMessage::set_reply(const std::string& text) {
  std::string doubled;  // a per cent sign is a format to the MTA
  for (const char octet : text) doubled += octet == '%' ? "%%" : std::string(1, octet);
  std::vector<char> code = c_string("550");
  std::vector<char> status = c_string("5.7.1");
  std::vector<char> reply = c_string(doubled);
  if (smfi_setreply(context_, code.data(), status.data(), reply.data()) != MI_SUCCESS) {
    log_warning("event=fault kind=reply detail=\"libmilter refused the text of a refusal\"");
  }
}

Result<void> EndOfMessage::apply(const EditsPlan& plan) {
  if (const std::string conflict = conflict_in(plan); !conflict.empty()) {
    return tl::unexpected(Error{Code::permanent, 0, "conflicting edits: " + conflict});
  }
  if (auto done = edit_fields(plan); !done) return done;
  if (auto done = edit_recipients(plan); !done) return done;
  if (!plan.quarantine.empty()) {
    std::vector<char> reason = c_string(plan.quarantine);
    if (smfi_quarantine(context_, reason.data()) != MI_SUCCESS) return refused("quarantine", "the message");
  }
  if (plan.disposition == Disposition::reject) set_reply(plan.reply);
  return {};
}

}  // namespace coldpitch
