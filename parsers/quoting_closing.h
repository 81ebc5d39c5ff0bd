// SPDX-License-Identifier: MIT
#pragma once

#include "parsers/quoting_lines.h"

namespace coldpitch {

/// Each looks at lines that are still SegmentKind::human and outside quotes, and marks what it finds. In this order each
/// sees what the one before left. None fails. Pure but for `lines`, thread-safe, linear in the text.

/// Footers of list managers (Mailman, Google Groups, Groups.io, ezmlm, majordomo). A seller's own unsubscribe line is none.
void mark_list_footers(TextLines& lines);

/// Confidentiality and liability notices, by paragraph.
void mark_disclaimers(TextLines& lines);

/// "-- " and what follows it, the lines under a closing phrase, a contact block at the end, "Sent from my ...". The closing
/// phrase itself and postscripts stay human. Nothing is a signature before the first human words.
void mark_signatures(TextLines& lines);

}  // namespace coldpitch
