//! The metrics of chat-service, each named once.

/// Events committed and not yet confirmed by the bus.
pub(crate) fn outbox_depth(events: u64) {
    // Exact up to 2^53.
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    metrics::gauge!("thread_outbox_depth").set(events as f64);
}

/// A message was posted; repetitions don't count.
pub(crate) fn message_posted() {
    metrics::counter!("thread_messages_posted_total").increment(1);
}
