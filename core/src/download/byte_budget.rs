//! The bytes that the images of one job may have together.

use crate::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Together they may have so many times as many as one alone. Jobs have up to four images today.
const IMAGES: u64 = 8;

/// See the module's text. Clones are the same budget; any thread may hold one. Each [`ImageSink`](super::ImageSink) of
/// the job takes out what it keeps, and gives it back where the image is not had after all.
#[derive(Debug, Clone)]
pub struct ByteBudget(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    most: u64,
    left: AtomicU64,
}

impl ByteBudget {
    /// The budget of a job whose images may have `image_limit` bytes each.
    pub fn of_job(image_limit: u64) -> ByteBudget {
        let most = image_limit.saturating_mul(IMAGES);
        ByteBudget(Arc::new(Budget { most, left: AtomicU64::new(most) }))
    }

    fn take(&self, bytes: u64) -> Result<(), Error> {
        let taken =
            self.0.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        match taken {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::TooLarge(format!(
                "the images of the job are together larger than {} bytes, {IMAGES} times the limit of one; raise it",
                self.0.most
            ))),
        }
    }
}

/// What one image took out. Gives it back when dropped, unless it is [kept](Spent::keep).
#[derive(Debug)]
pub(super) struct Spent {
    budget: ByteBudget,
    bytes: u64,
}

impl Spent {
    pub(super) fn of(budget: &ByteBudget) -> Spent {
        Spent { budget: budget.clone(), bytes: 0 }
    }

    pub(super) fn add(&mut self, bytes: u64) -> Result<(), Error> {
        self.budget.take(bytes)?;
        self.bytes += bytes;
        Ok(())
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn give_back(&mut self) {
        self.budget.0.left.fetch_add(std::mem::take(&mut self.bytes), Ordering::Relaxed);
    }

    /// The image is there, and its bytes are the caller's.
    pub(super) fn keep(mut self) {
        self.bytes = 0;
    }
}

impl Drop for Spent {
    fn drop(&mut self) {
        self.give_back();
    }
}
