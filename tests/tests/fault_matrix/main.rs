//! Every hook × every misbehaviour: the call returns the safe default within its budget, the journal says why, the next
//! call is served, and the neighbour never notices.

mod case;
mod matrix;
mod policies;
