//! What a client sent: arguments kept as they came, read when asked for.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::packet::decode::Args;

/// One event of a client.
#[derive(Debug)]
pub struct Event {
    name: String,
    namespace: String,
    args: Args,
}

impl Event {
    pub(crate) fn new(namespace: String, name: String, args: Args) -> Self {
        Self { name, namespace, args }
    }

    /// The event's name; never one of the reserved ones.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace it was sent to.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Number of arguments.
    pub fn len(&self) -> usize {
        self.args.spans.len()
    }

    /// Whether there are no arguments.
    pub fn is_empty(&self) -> bool {
        self.args.spans.is_empty()
    }

    /// The argument `index`, from 0. One that is not there is read as `null`, which is what an
    /// `Option` takes for `None`.
    pub fn arg<T: DeserializeOwned>(&self, index: usize) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.args.raw(index).unwrap_or("null"))
    }

    /// All arguments as the JSON they came in.
    pub fn args(&self) -> Vec<&RawValue> {
        raw_values(&self.args)
    }

    /// All arguments. An attachment is the object `{"_placeholder": true, "num": n}`; see
    /// [`crate::Placeholder`]. One that no `Value` can hold (a lone surrogate) is `Null`.
    pub fn values(&self) -> Vec<Value> {
        values(&self.args)
    }

    /// Binary attachments, in the order placeholders count them.
    pub fn attachments(&self) -> &[Bytes] {
        &self.args.attachments
    }
}

fn raw_values(args: &Args) -> Vec<&RawValue> {
    (0..args.spans.len()).filter_map(|index| serde_json::from_str(args.raw(index)?).ok()).collect()
}

fn values(args: &Args) -> Vec<Value> {
    (0..args.spans.len())
        .map(|index| {
            args.raw(index).and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default()
        })
        .collect()
}

/// What a client answered to an event of the server.
#[derive(Debug)]
pub struct Reply {
    args: Args,
}

impl Reply {
    pub(crate) fn new(args: Args) -> Self {
        Self { args }
    }

    /// The argument `index` of the answer, as [`Event::arg`].
    pub fn arg<T: DeserializeOwned>(&self, index: usize) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.args.raw(index).unwrap_or("null"))
    }

    /// All arguments, as [`Event::values`].
    pub fn values(&self) -> Vec<Value> {
        values(&self.args)
    }

    /// Binary attachments.
    pub fn attachments(&self) -> &[Bytes] {
        &self.args.attachments
    }
}
