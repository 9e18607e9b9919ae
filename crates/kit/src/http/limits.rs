//! Rate limits in memory: so many at once, so many a minute, for one key.

use std::{collections::HashMap, num::NonZeroU32, time::Duration};

use api::{ErrorCode, Problem};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

/// What is limited. The name is part of the key: one person's sign-ins don't use up their messages.
pub type LimitName = &'static str;

/// Rate limits for one process.
pub struct RateLimits {
    enabled: bool,
    limiters: HashMap<LimitName, DefaultKeyedRateLimiter<String>>,
}

impl RateLimits {
    /// The limits, each with how many may come at once and how many a minute after that.
    /// `enabled: false` lets everything pass (for load tests).
    #[must_use]
    pub fn new(enabled: bool, limits: &[(LimitName, NonZeroU32, NonZeroU32)]) -> Self {
        let limiters = limits
            .iter()
            .map(|(name, burst, per_minute)| {
                let quota = Quota::per_minute(*per_minute).allow_burst(*burst);
                (*name, RateLimiter::keyed(quota))
            })
            .collect();
        Self { enabled, limiters }
    }

    /// Takes one from the key's share.
    ///
    /// # Errors
    /// 429 with the seconds to wait when nothing is left.
    pub fn take(&self, name: LimitName, key: &str) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        let Some(limiter) = self.limiters.get(name) else {
            return Ok(());
        };
        // Bounded memory: keys that are whole again are forgotten.
        if limiter.len() > 10_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&key.to_owned()).map_err(|not_until| {
            let wait: Duration = not_until.wait_time_from(limiter.clock().now());
            Problem::new(ErrorCode::RateLimited).retry_after(wait.as_secs().max(1))
        })
    }
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimits").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_own_share() {
        let five = NonZeroU32::new(5).unwrap();
        let limits = RateLimits::new(true, &[("sign_in", five, five)]);
        for _ in 0..5 {
            assert!(limits.take("sign_in", "a").is_ok());
        }
        let refused = limits.take("sign_in", "a").unwrap_err();
        assert_eq!(refused.code, ErrorCode::RateLimited);
        assert!(refused.retry_after.unwrap() >= 1);
        assert!(limits.take("sign_in", "b").is_ok());
    }
}
