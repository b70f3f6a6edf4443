//! Limits on the whole book, room for a trade, and the way back inside
