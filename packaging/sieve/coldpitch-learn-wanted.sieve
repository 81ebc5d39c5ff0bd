# SPDX-License-Identifier: MIT
# A user moved a message out of "Cold Pitches" to the INBOX over IMAP: their word that it is wanted. For IMAPSieve; see
# docs/folders.md. Moves elsewhere say nothing: what goes to the Trash is done with, not wanted.
require ["copy", "environment", "imapsieve", "variables", "vnd.dovecot.pipe"];

if not allof (environment :is "imap.cause" "COPY", environment :is "imap.mailbox" "INBOX") {
  stop;
}
if environment :matches "imap.email" "*" {
  set "user" "${1}";
} elsif environment :matches "imap.user" "*" {
  set "user" "${1}";
}
pipe :copy "coldpitch-learn" ["wanted", "${user}"];
