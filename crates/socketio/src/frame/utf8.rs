//! UTF-8 checked while it arrives.

/// How much of a growing buffer is known to be UTF-8.
#[derive(Debug, Default)]
pub(crate) struct Utf8Checker {
    checked: usize,
}

impl Utf8Checker {
    /// Looks at what was added to `buffer` since the last call. False as soon as no continuation
    /// could make it valid; with `last`, false for a character cut short too.
    pub(crate) fn check(&mut self, buffer: &[u8], last: bool) -> bool {
        match std::str::from_utf8(buffer.get(self.checked..).unwrap_or_default()) {
            Ok(_) => {
                self.checked = buffer.len();
                true
            }
            Err(error) => {
                self.checked += error.valid_up_to();
                error.error_len().is_none() && !last
            }
        }
    }
}
