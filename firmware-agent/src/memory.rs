//! Owns how much memory a thread may take: every allocation of the process is counted for its
//! thread, a limit that is passed is told, and a hard limit ends the process. Does not know what a
//! limit means to who set it.
//!
//! The standard allocator ends the process when there is no more memory, and a program in an
//! interpreter takes as much as it asks for. So the soft limit is told while there is still room,
//! and the hard one keeps the machine usable. Threads without limits pay for an addition.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nix::libc;

/// The status with which a process ends that has passed a hard limit.
pub const OUT_OF_MEMORY: i32 = 113;

/// How much more a thread may take after it was told, until it is told again.
const STEP: usize = 16 << 20;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
    /// What is looked at in each allocation: the next of the limits.
    static NEXT: Cell<usize> = const { Cell::new(usize::MAX) };
    static SOFT: Cell<usize> = const { Cell::new(usize::MAX) };
    static HARD: Cell<usize> = const { Cell::new(usize::MAX) };
    static TELL: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// Limits of a thread, in bytes beyond what it has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Beyond it the thread is told, once.
    pub soft: usize,
    /// Beyond it the process ends, with [`OUT_OF_MEMORY`].
    pub hard: usize,
}

impl Limits {
    /// Of a thread that runs programs: far more than a board has, and little for a host.
    pub const OF_PROGRAMS: Limits = Limits {
        soft: 128 << 20,
        hard: 512 << 20,
    };
}

/// Limits this thread from now on. `tell` is called in the middle of an allocation: it may
/// neither panic nor rely on anything that the thread was doing.
pub fn limit(limits: Limits, tell: fn()) {
    let taken = TAKEN.get();
    SOFT.set(taken.saturating_add(limits.soft));
    HARD.set(taken.saturating_add(limits.hard));
    TELL.set(Some(tell));
    NEXT.set(SOFT.get());
}

/// Answers what was told: from here on the thread is told again. Says whether it still has more
/// than the soft limit.
pub fn is_still_passed() -> bool {
    let (taken, soft) = (TAKEN.get(), SOFT.get());
    let passed = taken > soft;
    NEXT.set(match passed {
        true => taken.saturating_add(STEP).min(HARD.get()),
        false => soft,
    });
    passed
}

/// Counts what a thread has, and takes the memory from the system's allocator.
struct Counting;

fn take(size: usize) {
    // What one thread took another may give back, so that a thread may have less than nothing.
    let taken = TAKEN.get().wrapping_add(size);
    TAKEN.set(taken);
    if taken > NEXT.get() && taken <= isize::MAX as usize {
        passed(taken);
    }
}

fn give(size: usize) {
    TAKEN.set(TAKEN.get().wrapping_sub(size));
}

#[cold]
fn passed(taken: usize) {
    if taken > HARD.get() {
        // SAFETY: `_exit` may be called anywhere; nothing of the process is used after it.
        unsafe { libc::_exit(OUT_OF_MEMORY) }
    }
    NEXT.set(HARD.get());
    if let Some(tell) = TELL.get() {
        tell();
    }
}

// SAFETY: every call goes on to the system's allocator as it is; counting neither allocates nor
// unwinds, and what is told of a limit must not.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        give(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        give(layout.size());
        take(size);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(place, layout, size) }
    }
}
