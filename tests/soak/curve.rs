//! What the program says once a second, and what is flat.

/// One line of tests/c_soak/soak.c.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sample {
    pub(crate) seconds: f64,
    /// Of the library's own allocations, in KiB.
    pub(crate) memory: f64,
    /// Of the process, in KiB.
    pub(crate) resident: f64,
    pub(crate) threads: f64,
    pub(crate) descriptors: f64,
    /// Jobs.
    pub(crate) open: u64,
    pub(crate) ended: u64,
    pub(crate) fine: u64,
    pub(crate) images: u64,
    pub(crate) calls: u64,
}

/// The number that follows some words.
pub(crate) fn number_after(line: &str, words: &str) -> Option<u64> {
    let rest = line.split_once(words)?.1;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

impl Sample {
    /// `None`: the line is another.
    pub(crate) fn read(line: &str) -> Option<Sample> {
        let seconds = line.split_once(" s: memory ")?.0.parse().ok()?;
        let after = |words| number_after(line, words);
        Some(Sample {
            seconds,
            memory: after("memory ")? as f64,
            resident: after("resident ")? as f64,
            threads: after("threads ")? as f64,
            descriptors: after("descriptors ")? as f64,
            open: after("open ")?,
            ended: after("ended ")?,
            fine: after("fine ")?,
            images: after("images ")?,
            calls: after("calls ")?,
        })
    }
}

/// One of the things that must be flat.
#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) value: fn(&Sample) -> f64,
    /// By how much the last third's largest may be over that of the third before: a share of it, and so much more.
    share: f64,
    more: f64,
    /// What may be there at any time: to come and go below it is not to grow.
    allowed: f64,
}

impl Curve {
    /// Allocations follow the number of replies that are being read; an allocator gives pages back late, or never. Workers,
    /// of which there may be 32, lookups, 16, and their sockets come and go with what is due: 13 to 34 threads, 24 to 43
    /// descriptors and 2.5 to 4.4 MB were seen in an hour that left nothing behind.
    pub(crate) const ALL: [Curve; 4] = [
        Curve {
            name: "memory, KiB",
            value: |sample| sample.memory,
            share: 0.25,
            more: 512.0,
            allowed: 5500.0,
        },
        Curve {
            name: "resident, KiB",
            value: |sample| sample.resident,
            share: 0.15,
            more: 4096.0,
            allowed: 0.0,
        },
        Curve { name: "threads", value: |sample| sample.threads, share: 0.0, more: 4.0, allowed: 52.0 },
        Curve {
            name: "descriptors",
            value: |sample| sample.descriptors,
            share: 0.1,
            more: 8.0,
            allowed: 80.0,
        },
    ];

    fn largest(&self, samples: &[Sample]) -> f64 {
        samples.iter().map(self.value).fold(0.0, f64::max)
    }

    /// Why it is not flat. The first third is a warm-up.
    pub(crate) fn complaint(&self, samples: &[Sample]) -> Option<String> {
        let third = samples.len() / 3;
        if third == 0 {
            return Some(format!("{}: {} samples are too few", self.name, samples.len()));
        }
        let (before, after) = (self.largest(&samples[third..2 * third]), self.largest(&samples[2 * third..]));
        let most = (before * (1.0 + self.share) + self.more).max(self.allowed);
        (after > most)
            .then(|| format!("{} grows: {before} in the second third, {after} in the last", self.name))
    }
}

/// In which so many seconds no job ended.
pub(crate) fn standstill(samples: &[Sample], stretch: f64) -> Option<String> {
    let start = Sample::default();
    let stands = |now: &&Sample| {
        let mut before = [start].into_iter().chain(samples.iter().copied());
        let before = before.rfind(|before| before.seconds <= now.seconds - stretch);
        before.is_some_and(|before| before.ended == now.ended)
    };
    let now = samples.iter().find(stands)?;
    Some(format!("no job ended in the {stretch} s before {} s", now.seconds))
}

#[test]
fn a_stretch_without_ends_is_told() {
    let run = |ended: fn(u64) -> u64| -> Vec<Sample> {
        let at = |second| Sample { seconds: second as f64, ended: ended(second), ..Sample::default() };
        (1..60).map(at).collect()
    };
    assert_eq!(standstill(&run(|second| second / 10), 10.0), None);
    let stands = standstill(&run(|second| second.min(20)), 10.0);
    assert_eq!(stands.as_deref(), Some("no job ended in the 10 s before 30 s"));
    let never_begins = standstill(&run(|_| 0), 10.0);
    assert_eq!(never_begins.as_deref(), Some("no job ended in the 10 s before 10 s"));
}

#[test]
fn a_curve_that_grows_is_not_flat_and_a_noisy_one_is() {
    let run = |memory: fn(usize) -> f64| -> Vec<Sample> {
        (0..60).map(|at| Sample { memory: memory(at), threads: 33.0, ..Sample::default() }).collect()
    };
    let complains =
        |samples: &[Sample]| Curve::ALL.iter().filter_map(|curve| curve.complaint(samples)).count();
    assert_eq!(complains(&run(|at| 4000.0 + 500.0 * (at % 3) as f64)), 0);
    assert_eq!(complains(&run(|at| 4000.0 + 200.0 * at as f64)), 1);
    // Memory of the warm-up does not count.
    assert_eq!(complains(&run(|at| if at < 20 { 9000.0 } else { 4000.0 })), 0);
    // Workers come and go with what is due; more than there may be are another matter.
    let busy_at_the_end = |threads| {
        let mut run = run(|_| 4000.0);
        run.iter_mut().for_each(|sample| sample.threads = 20.0);
        run[50].threads = threads;
        complains(&run)
    };
    assert_eq!((busy_at_the_end(50.0), busy_at_the_end(53.0)), (0, 1));
    assert_eq!(complains(&[]), Curve::ALL.len());
}

#[test]
fn a_line_is_read() {
    let line = "7 s: memory 812 KiB, resident 9000 KiB, threads 34, descriptors 41, open 200, ended 5, fine 4, images 3, calls 2";
    let read = Sample::read(line).expect("a sample");
    assert_eq!(
        (read.seconds, read.memory, read.descriptors, read.open, read.ended, read.calls),
        (7.0, 812.0, 41.0, 200, 5, 2)
    );
    assert_eq!(Sample::read("left: memory 3 KiB"), None);
}
