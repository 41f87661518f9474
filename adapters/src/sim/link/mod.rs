//! Owns one direction of the link between the board and its access point: frames go in, pass one
//! fault after the other, and arrive. Does not know what is in a frame, but for `corrupt`, which
//! has to know where a frame's packet begins.
//!
//! Each fault is a file. None of them holds a frame back: it says *when* the frame goes on, and
//! only the [`Wire`] at the end waits. Each has a random number generator of its own, so that one
//! fault more does not move the others.

mod bandwidth;
mod corrupt;
mod duplicate;
mod latency;
mod loss;
mod partition;
mod reorder;
mod wire;

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use trueline_spec::network::{Network, Share};

use wire::Wire;

/// An Ethernet frame, without the check sequence at its end.
pub(super) type Frame = Vec<u8>;

/// Something that happens to frames on their way.
trait Fault {
    /// Hands on what comes of a frame that gets here at that time: nothing, the frame at the same
    /// time or later, or more than one.
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration));
}

/// One direction of a link.
pub(super) struct Link {
    faults: Vec<Box<dyn Fault>>,
    wire: Wire,
}

impl Link {
    /// A link with these conditions. Whatever happens by chance follows from the seed.
    pub(super) fn new(network: &Network, seed: u64) -> Link {
        let mut faults: Vec<Box<dyn Fault>> = Vec::new();
        if let Some(time) = &network.partition {
            faults.push(Box::new(partition::Partition::new(time.clone())));
        }
        if let Some(share) = network.loss {
            faults.push(Box::new(loss::Loss::new(Chance::new(share, seed, 1))));
        }
        if let Some(share) = network.corrupt {
            faults.push(Box::new(corrupt::Corrupt::new(Chance::new(share, seed, 2))));
        }
        if let Some(share) = network.duplicate {
            let chance = Chance::new(share, seed, 3);
            faults.push(Box::new(duplicate::Duplicate::new(chance)));
        }
        if let Some(bits) = network.bandwidth {
            faults.push(Box::new(bandwidth::Bandwidth::new(bits, network.queue)));
        }
        if network.latency.is_some() || network.jitter.is_some() {
            let latency = network.latency.unwrap_or_default();
            let jitter = network.jitter.unwrap_or_default();
            let random = random(seed, 4);
            faults.push(Box::new(latency::Latency::new(latency, jitter, random)));
        }
        if let Some(share) = network.reorder {
            faults.push(Box::new(reorder::Reorder::new(Chance::new(share, seed, 5))));
        }
        Link {
            faults,
            wire: Wire::default(),
        }
    }

    /// Takes a frame.
    pub(super) fn send(&mut self, frame: Frame, now: Duration) {
        pass(&mut self.faults, &mut self.wire, frame, now);
    }

    /// The next frame that has arrived.
    pub(super) fn arrived(&mut self, now: Duration) -> Option<Frame> {
        self.wire.arrived(now)
    }

    /// When the next frame arrives.
    pub(super) fn next_arrival(&self) -> Option<Duration> {
        self.wire.next_arrival()
    }
}

fn pass(faults: &mut [Box<dyn Fault>], wire: &mut Wire, frame: Frame, at: Duration) {
    match faults.split_first_mut() {
        None => wire.put(frame, at),
        Some((first, rest)) => first.pass(frame, at, &mut |frame, at| pass(rest, wire, frame, at)),
    }
}

/// A generator for one fault of one link.
fn random(seed: u64, fault: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(fault);
    random
}

/// A number from 0 up to, but not including, 1.
fn fraction(random: &mut ChaCha8Rng) -> f64 {
    f64::from(random.next_u32()) / (f64::from(u32::MAX) + 1.0)
}

/// Whether a frame is hit.
struct Chance {
    share: Share,
    random: ChaCha8Rng,
}

impl Chance {
    fn new(share: Share, seed: u64, fault: u64) -> Chance {
        Chance {
            share,
            random: random(seed, fault),
        }
    }

    fn hits(&mut self) -> bool {
        fraction(&mut self.random) < self.share.probability()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(conditions: &[(&str, &str)]) -> Link {
        let mut network = Network::default();
        for (name, value) in conditions {
            let set = network.set(name, value);
            set.expect("it is a condition").expect("its value fits");
        }
        Link::new(&network, 7)
    }

    /// The bytes of an IPv4 frame, numbered by its last byte.
    fn frame(number: u8) -> Frame {
        let mut frame = vec![0; 12];
        frame.extend([8, 0]);
        frame.extend([0; 85]);
        frame.push(number);
        frame
    }

    fn sent(link: &mut Link, frames: u8, gap: Duration) -> Vec<(u128, Frame)> {
        let mut now = Duration::ZERO;
        for number in 0..frames {
            link.send(frame(number), now);
            now += gap;
        }
        let mut arrived = Vec::new();
        while let Some(at) = link.next_arrival() {
            arrived.push((at.as_millis(), link.arrived(at).expect("it is due")));
        }
        arrived
    }

    fn numbers(arrived: &[(u128, Frame)]) -> Vec<u8> {
        arrived.iter().map(|(_, frame)| frame[99]).collect()
    }

    const GAP: Duration = Duration::from_millis(1);

    #[test]
    fn an_ideal_link_hands_everything_on_at_once() {
        let arrived = sent(&mut link(&[]), 3, GAP);
        let expected: Vec<_> = (0..3).map(|n| (u128::from(n), frame(n))).collect();
        assert_eq!(arrived, expected);
    }

    #[test]
    fn latency_moves_every_frame_and_jitter_keeps_their_order() {
        let arrived = sent(
            &mut link(&[("latency", "20ms"), ("jitter", "9ms")]),
            50,
            GAP,
        );
        assert_eq!(numbers(&arrived), Vec::from_iter(0..50));
        for (at, frame) in &arrived {
            let on_the_way = at - u128::from(frame[99]);
            assert!((20..=29).contains(&on_the_way), "{on_the_way} ms");
        }
    }

    #[test]
    fn a_share_of_the_frames_is_lost_doubled_or_overtaken() {
        let arrived = sent(&mut link(&[("loss", "20%")]), 200, GAP);
        assert!((140..180).contains(&arrived.len()), "{}", arrived.len());
        let arrived = sent(&mut link(&[("duplicate", "20%")]), 200, GAP);
        assert!((220..260).contains(&arrived.len()), "{}", arrived.len());
        let arrived = numbers(&sent(&mut link(&[("reorder", "20%")]), 200, GAP));
        assert_eq!(arrived.len(), 200);
        assert!(!arrived.is_sorted());
        let all = sent(&mut link(&[("loss", "100%")]), 9, GAP);
        assert!(all.is_empty());
    }

    #[test]
    fn a_corrupt_frame_differs_by_one_bit_of_its_packet() {
        let mut hit = 0;
        for (number, (_, arrived)) in (0..200).zip(sent(&mut link(&[("corrupt", "20%")]), 200, GAP))
        {
            let sent = frame(number);
            assert_eq!(arrived[..14], sent[..14]);
            let bits: u32 = arrived
                .iter()
                .zip(&sent)
                .map(|(a, b)| (a ^ b).count_ones())
                .sum();
            assert!(bits <= 1);
            hit += bits;
        }
        assert!((20..60).contains(&hit), "{hit}");
    }

    #[test]
    fn bandwidth_spaces_frames_out_and_a_full_queue_drops_the_rest() {
        // 100 bytes at 8 kbit a second take 100 ms.
        let arrived = sent(&mut link(&[("bandwidth", "8kbit")]), 4, Duration::ZERO);
        let times: Vec<_> = arrived.iter().map(|(at, _)| *at).collect();
        assert_eq!(times, [100, 200, 300, 400]);
        let mut short = link(&[("bandwidth", "8kbit"), ("queue", "2")]);
        assert_eq!(numbers(&sent(&mut short, 9, Duration::ZERO)), [0, 1, 2]);
    }

    #[test]
    fn nothing_passes_during_a_partition() {
        let arrived = sent(&mut link(&[("partition", "0.002s..0.005s")]), 8, GAP);
        assert_eq!(numbers(&arrived), [0, 1, 5, 6, 7]);
    }

    #[test]
    fn the_same_seed_gives_the_same_fate() {
        let conditions = [("loss", "30%"), ("reorder", "30%"), ("jitter", "3ms")];
        assert_eq!(
            sent(&mut link(&conditions), 99, GAP),
            sent(&mut link(&conditions), 99, GAP)
        );
    }
}
