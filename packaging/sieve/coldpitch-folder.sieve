# SPDX-License-Identifier: MIT
# Files what coldpitch marked with the action "fold" into the folder "Cold Pitches", which is made when it is needed.
# For sieve_before: it runs ahead of the user's own script, which sees everything else. See docs/folders.md.
#
# A user who wants pitches in the INBOX after all makes a folder called "No Cold Pitches". That is all it takes.
require ["envelope", "fileinto", "mailbox", "variables"];

set "fold" "";

# What is said of the message as a whole: the mildest action of all its recipients.
if header :is "X-Cold-Pitch-Action" "fold" {
  set "fold" "yes";
}

# What is said of this recipient goes before. Theirs may have been milder or harsher than what was done.
if envelope :matches "to" "*" {
  set :quotewildcard "me" "${1}";
  if header :matches "X-Cold-Pitch-Recipient" "${me}; verdict=*" {
    set "fold" "";
    if header :matches "X-Cold-Pitch-Recipient" "${me}; verdict=*; action=fold" {
      set "fold" "yes";
    } elsif allof (
        header :matches "X-Cold-Pitch-Recipient" [
          "${me}; verdict=*; action=quarantine", "${me}; verdict=*; action=reject", "${me}; verdict=*; action=discard"],
        not header :is "X-Cold-Pitch-Action" "quarantine") {
      # It came through because another recipient wanted it. (What an administrator released comes to the INBOX.)
      set "fold" "yes";
    }
  }
}

if allof (string :is "${fold}" "yes", not mailboxexists "No Cold Pitches") {
  fileinto :create "Cold Pitches";
  stop;
}
