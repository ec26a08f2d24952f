//! Bytes as steps: three each, so that what a mutation cuts or repeats is mostly steps again.

/// More take longer and find nothing that these do not.
const MOST: usize = 48;

/// What an input asks for.
pub(super) struct Script {
    steps: Vec<Step>,
    /// How many threads take the steps in turn, 1 to 3.
    pub(super) threads: usize,
    /// The first client's way of making exchanges; see `settings::set_transport`.
    pub(super) transport: u8,
    /// Clients are shut down and drained before they are freed, where jobs are counted; else freed at once.
    pub(super) shuts_down: bool,
    /// What the server and the transport answer, in turn.
    pub(super) answers: Vec<u8>,
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Which function.
    pub(super) function: u8,
    /// Which objects.
    pub(super) object: u8,
    /// Which arguments.
    pub(super) argument: u8,
}

impl Script {
    pub(super) fn read(data: &[u8]) -> Script {
        let (head, rest) = data.split_at(data.len().min(3));
        let byte = |at: usize| head.get(at).copied().unwrap_or_default();
        let steps: Vec<Step> = rest
            .chunks_exact(3)
            .take(MOST)
            .map(|step| Step { function: step[0], object: step[1], argument: step[2] })
            .collect();
        let answers = steps.iter().map(|step| step.object ^ step.argument.rotate_left(3)).collect();
        Script {
            steps,
            threads: [1, 1, 2, 3][usize::from(byte(0) % 4)],
            transport: byte(1),
            shuts_down: byte(2).is_multiple_of(2),
            answers,
        }
    }

    /// The steps of one of the threads.
    pub(super) fn steps_of(&self, thread: usize) -> impl Iterator<Item = Step> + '_ {
        self.steps.iter().copied().skip(thread).step_by(self.threads)
    }
}

impl Step {
    /// One of `count` objects.
    pub(super) fn slot(self) -> usize {
        usize::from(self.object)
    }

    /// The upper half of the objects' byte, for a second object.
    pub(super) fn other(self) -> usize {
        usize::from(self.object >> 4)
    }

    /// A wait of at most 7 ms.
    pub(super) fn short_ms(self) -> u32 {
        u32::from(self.argument % 8)
    }

    /// Whether a bit of the argument is set.
    pub(super) fn has(self, bit: u8) -> bool {
        self.argument & 1 << bit != 0
    }
}
