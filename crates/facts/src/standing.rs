//! The order of standings by what would be lost. Which standing a path has is found elsewhere.

use placet_model::Standing;

/// The graver of the two.
pub fn worse(one: Standing, other: Standing) -> Standing {
    if rank(other) > rank(one) { other } else { one }
}

/// Whether something would be gone for good.
pub fn loses(standing: Standing) -> bool {
    match standing {
        Standing::Missing | Standing::Clean | Standing::Regenerable | Standing::Session => false,
        Standing::Dirty | Standing::Untracked | Standing::Unknown => true,
    }
}

fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Missing => 0,
        Standing::Clean => 1,
        Standing::Regenerable => 2,
        Standing::Session => 3,
        Standing::Dirty => 4,
        Standing::Untracked => 5,
        Standing::Unknown => 6,
    }
}
