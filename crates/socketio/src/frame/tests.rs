use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::close::CloseReason;

const LIMIT: usize = 1 << 20;

/// A client's frame.
fn masked(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..126 => bytes.push(0x80 | short as u8),
        medium @ 126..0x1_0000 => {
            bytes.push(0xfe);
            bytes.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            bytes.push(0xff);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().enumerate().map(|(at, byte)| byte ^ mask[at % 4]));
    bytes
}

/// Decodes `input` given in pieces that end at `cuts`.
fn decode(input: &[u8], cuts: &[usize], limit: usize) -> (Vec<Frame>, Option<CloseReason>) {
    let mut decoder = Decoder::new(limit);
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (input.len() + 1)).collect();
    cuts.push(input.len());
    cuts.sort_unstable();
    let (mut frames, mut start) = (Vec::new(), 0);
    for cut in cuts {
        let mut piece = &input[start..cut];
        start = cut;
        while !piece.is_empty() {
            match decoder.decode(piece) {
                Err(reason) => return (frames, Some(reason)),
                Ok((used, frame)) => {
                    assert!(used > 0 && (frame.is_some() || used == piece.len()));
                    piece = &piece[used..];
                    frames.extend(frame);
                }
            }
        }
    }
    (frames, None)
}

#[test]
fn headers_have_the_shortest_form() {
    for (payload, length) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
        let frame = encode(Opcode::Binary, &vec![7; payload]);
        assert_eq!(frame.len(), length + payload);
    }
    assert_eq!(encode(Opcode::Text, b"42[]")[..], *b"\x81\x0442[]");
}

#[test]
fn a_close_reason_is_cut_between_characters() {
    let frame = encode_close(4000, &"é".repeat(100));
    assert_eq!(frame[..4], [0x88, 2 + 122, 0x0f, 0xa0]);
    assert!(std::str::from_utf8(&frame[4..]).is_ok());
}

#[test]
fn an_announced_length_takes_no_memory() {
    let mut decoder = Decoder::new(LIMIT);
    let mut header = vec![0x82, 0xff];
    header.extend_from_slice(&(LIMIT as u64).to_be_bytes());
    header.extend_from_slice(&[0; 4]);
    assert_eq!(decoder.decode(&header).unwrap(), (14, None));
    let before = format!("{decoder:?}").len();
    assert!(before < 1000, "nothing was set aside");
}

#[test]
fn the_limit_is_on_all_fragments_together() {
    let half = masked(0x02, [0; 4], &[0; 60]);
    let rest = masked(0x80, [0; 4], &[0; 41]);
    let input = [half.clone(), rest].concat();
    assert_eq!(decode(&input, &[], 100).1, Some(CloseReason::TooBig));
    let input = [half, masked(0x80, [0; 4], &[0; 40])].concat();
    assert_eq!(decode(&input, &[], 100).0, [Frame::Binary(Bytes::from(vec![0; 100]))]);
}

proptest! {
    #[test]
    fn nothing_panics(input: Vec<u8>, cuts: Vec<usize>, limit in 0usize..300) {
        let _ = decode(&input, &cuts, limit);
    }

    #[test]
    fn nearly_right_input_does_not_panic_either(
        mask: [u8; 4],
        payload: Vec<u8>,
        first: u8,
        cuts: Vec<usize>,
        damage: Option<(usize, u8)>,
    ) {
        let mut input = masked(first, mask, &payload);
        if let Some((at, byte)) = damage {
            let at = at % input.len();
            input[at] = byte;
        }
        let whole = decode(&input, &[], LIMIT);
        // How the bytes arrive changes nothing, but for how early an error is seen.
        prop_assert_eq!(decode(&input, &cuts, LIMIT), whole);
    }

    #[test]
    fn messages_read_back(
        texts in prop::collection::vec((any::<String>(), any::<[u8; 4]>(), any::<u16>()), 1..5),
        cuts: Vec<usize>,
    ) {
        let mut input = Vec::new();
        for (text, mask, split) in &texts {
            // In two fragments, cut anywhere, with a ping between them.
            let bytes = text.as_bytes();
            let (a, b) = bytes.split_at(usize::from(*split) % (bytes.len() + 1));
            input.extend(masked(0x01, *mask, a));
            input.extend(masked(0x89, *mask, b"ping"));
            input.extend(masked(0x80, *mask, b));
        }
        let expected: Vec<Frame> = texts
            .into_iter()
            .flat_map(|(text, ..)| [Frame::Ping(Bytes::from_static(b"ping")), Frame::Text(text)])
            .collect();
        prop_assert_eq!(decode(&input, &cuts, LIMIT), (expected, None));
    }

    #[test]
    fn long_payloads_read_back(length in 0usize..70_000, mask: [u8; 4], cuts: Vec<usize>) {
        let payload: Vec<u8> = (0..length).map(|at| at as u8).collect();
        let input = masked(0x82, mask, &payload);
        prop_assert_eq!(decode(&input, &cuts, LIMIT), (vec![Frame::Binary(payload.into())], None));
    }
}
