# SPDX-License-Identifier: MIT
# A user moved a message into "Cold Pitches" over IMAP: their word that it is a pitch. For IMAPSieve; see docs/folders.md.
# What delivery files there does not come this way, and is never learned.
require ["copy", "environment", "imapsieve", "variables", "vnd.dovecot.pipe"];

if not allof (environment :is "imap.cause" "COPY", environment :is "imap.mailbox" "Cold Pitches") {
  stop;
}
if environment :matches "imap.email" "*" {
  set "user" "${1}";
} elsif environment :matches "imap.user" "*" {
  set "user" "${1}";
}
pipe :copy "coldpitch-learn" ["pitch", "${user}"];
