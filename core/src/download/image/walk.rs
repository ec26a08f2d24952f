//! The walk through a container, driven by its bytes in pieces of any size. Knows no format.

use super::format::{Format, MOST_READ, Want};

/// The bytes are not what the format says.
#[derive(Debug)]
pub(super) struct Broken;

#[derive(Debug)]
pub(super) struct Walker {
    format: Box<dyn Format>,
    want: Want,
    read: [u8; MOST_READ],
    filled: usize,
}

impl Walker {
    pub(super) fn new(mut format: Box<dyn Format>) -> Walker {
        let want = format.next(&[]);
        Walker { format, want, read: [0; MOST_READ], filled: 0 }
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        loop {
            match self.want {
                Want::End => return Ok(()),
                Want::Broken => return Err(Broken),
                Want::Read(count) => {
                    let taken = (count - self.filled).min(bytes.len());
                    self.read[self.filled..self.filled + taken].copy_from_slice(&bytes[..taken]);
                    self.filled += taken;
                    bytes = &bytes[taken..];
                    if self.filled < count {
                        return Ok(());
                    }
                    self.filled = 0;
                    self.want = self.format.next(&self.read[..count]);
                }
                Want::Skip(left) => {
                    let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    let left = left - taken as u64;
                    if left > 0 {
                        self.want = Want::Skip(left);
                        return Ok(());
                    }
                    self.want = self.format.next(&[]);
                }
                Want::Past(byte) => match bytes.iter().position(|b| *b == byte) {
                    Some(at) => {
                        bytes = &bytes[at + 1..];
                        self.want = self.format.next(&[]);
                    }
                    None => return Ok(()),
                },
            }
        }
    }

    pub(super) fn has_reached_its_end(&self) -> bool {
        self.want == Want::End
    }

    pub(super) fn may_end_here(&self) -> bool {
        self.format.may_end(self.want, self.filled > 0)
    }

    pub(super) fn size(&self) -> (u32, u32) {
        self.format.size()
    }
}
