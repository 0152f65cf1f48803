//! `patch`: what a patch that was downloaded changes is of somebody else.

use crate::interpret::{Call, Interpreter};

/// Looks at where the patch comes from.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    super::strangers::patches(it, call);
}
