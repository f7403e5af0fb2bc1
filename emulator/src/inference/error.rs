//! A request that no model can follow.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub message: String,
    /// The parameter that is wrong, where one is.
    pub param: Option<&'static str>,
}
