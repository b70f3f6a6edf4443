//! The SDK's allocator. The host hands every argument over through it, and the standard one takes a good part of a call
//! that lasts a microsecond.
//!
//! Blocks come in powers of two. A freed block goes to the list of its size and is the first to be used again; a list
//! that is empty takes from the end of the heap, which grows by pages. Blocks are never split or joined: an instance
//! sees much the same sizes in every call, so that its heap stops growing after the first few.
#![allow(unsafe_code, reason = "an allocator hands out raw memory; nothing else in the SDK does")]

use std::alloc::Layout;
use std::ptr;

/// Lists for blocks of 2⁴ to 2³⁰ bytes. Nothing larger fits into the memory that a host gives.
const LISTS: usize = 27;

/// The smallest block, as a power of two: it has room for the address of the next free one.
const SMALLEST: u32 = 4;

/// The heap grows by multiples of this, a page of WebAssembly.
const PAGE: usize = 65_536;

/// Where the heap gets its memory.
trait Source {
    /// This many new bytes, aligned to 16, which nobody else uses from now on. Null when there are no more.
    fn grow(&mut self, bytes: usize) -> *mut u8;
}

/// Blocks of one source.
struct Heap<S> {
    source: S,
    /// The first free block of each size. It holds the address of the next.
    free: [*mut u8; LISTS],
    /// Memory that was never used, and its length.
    fresh: *mut u8,
    left: usize,
}

impl<S: Source> Heap<S> {
    const fn new(source: S) -> Self {
        Self { source, free: [ptr::null_mut(); LISTS], fresh: ptr::null_mut(), left: 0 }
    }

    /// A block of the layout, or null.
    fn allocate(&mut self, layout: Layout) -> *mut u8 {
        let Some(list) = list_of(layout.size()) else {
            return ptr::null_mut();
        };
        let Some(first) = self.free.get_mut(list) else {
            return ptr::null_mut();
        };
        let block = *first;
        // Blocks are aligned to 16. What wants more takes a free block only when that happens to fit.
        if !block.is_null() && block.addr() & (layout.align() - 1) == 0 {
            // SAFETY: a block in a list is ours, has at least 16 bytes, is aligned to 16, and `release` wrote the
            // address of the next one to its start.
            *first = unsafe { block.cast::<*mut u8>().read() };
            return block;
        }
        self.carve(1 << (list as u32 + SMALLEST), layout.align().max(1 << SMALLEST))
    }

    /// Takes back a block.
    ///
    /// # Safety
    /// `block` came from `allocate` of this heap with a layout of the same list, and is not used any more.
    unsafe fn release(&mut self, block: *mut u8, size: usize) {
        let Some(first) = list_of(size).and_then(|list| self.free.get_mut(list)) else {
            return;
        };
        // SAFETY: the caller gives the block up, and every block has room for an address and is aligned to 16.
        unsafe { block.cast::<*mut u8>().write(*first) };
        *first = block;
    }

    /// A new block from the end of the heap. The size is a power of two from 16 on, as is the alignment.
    fn carve(&mut self, size: usize, align: usize) -> *mut u8 {
        if self.left < size + (self.fresh.addr().wrapping_neg() & (align - 1)) && !self.refill(size, align) {
            return ptr::null_mut();
        }
        let gap = self.fresh.addr().wrapping_neg() & (align - 1);
        // SAFETY: `left` bytes from `fresh` on are ours and not used, and gap and size are within them: either they
        // were before, or `refill` made room for the size and for the largest gap.
        let (block, fresh) = unsafe { (self.fresh.add(gap), self.fresh.add(gap + size)) };
        self.fresh = fresh;
        self.left -= gap + size;
        block
    }

    /// Makes room for a block, whatever the gap before it. What was left before is lost, unless the new memory begins
    /// where it ends.
    fn refill(&mut self, size: usize, align: usize) -> bool {
        let Some(bytes) = size.checked_add(align).and_then(|bytes| bytes.checked_next_multiple_of(PAGE)) else {
            return false;
        };
        let new = self.source.grow(bytes);
        if new.is_null() {
            return false;
        }
        if self.left > 0 && self.fresh.wrapping_add(self.left) == new {
            self.left += bytes;
        } else {
            self.fresh = new;
            self.left = bytes;
        }
        true
    }
}

/// The list of blocks that have room for this many bytes.
fn list_of(size: usize) -> Option<usize> {
    let exponent = usize::BITS - size.saturating_sub(1).leading_zeros();
    let list = exponent.saturating_sub(SMALLEST) as usize;
    (list < LISTS).then_some(list)
}

#[cfg(all(target_arch = "wasm32", feature = "allocator"))]
mod global {
    use std::alloc::{GlobalAlloc, Layout};
    use std::cell::UnsafeCell;
    use std::ptr;

    use super::{Heap, PAGE, Source, list_of};

    /// The memory of the instance.
    struct Memory;

    impl Source for Memory {
        fn grow(&mut self, bytes: usize) -> *mut u8 {
            match core::arch::wasm32::memory_grow::<0>(bytes / PAGE) {
                usize::MAX => ptr::null_mut(),
                before => ptr::with_exposed_provenance_mut(before * PAGE),
            }
        }
    }

    struct Global(UnsafeCell<Heap<Memory>>);

    #[cfg(target_feature = "atomics")]
    compile_error!("the SDK's allocator is for one thread: build without its feature `allocator`");

    // SAFETY: an instance has one thread, and none of the heap's functions calls back into the program.
    unsafe impl Sync for Global {}

    #[global_allocator]
    static GLOBAL: Global = Global(UnsafeCell::new(Heap::new(Memory)));

    // SAFETY: blocks are as large and as aligned as asked for and not handed out twice; see `Heap`.
    unsafe impl GlobalAlloc for Global {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: one thread, no reentry: there is no other reference.
            unsafe { &mut *self.0.get() }.allocate(layout)
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: as above, and the caller gives back what `alloc` or `realloc` made for a layout of this size.
            unsafe { (*self.0.get()).release(block, layout.size()) };
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            // A block that fits stays. One that is now too large must move nevertheless: it would be given back to the
            // list of a smaller size, and its own list would run dry.
            if list_of(size) == list_of(layout.size()) {
                return block;
            }
            // SAFETY: the caller gives a size that makes a valid layout with this alignment.
            let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
            if !new.is_null() {
                // SAFETY: both blocks have room for the smaller of the sizes, and a new block is not the old one.
                unsafe {
                    ptr::copy_nonoverlapping(block, new, size.min(layout.size()));
                    self.dealloc(block, layout);
                }
            }
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::Layout;
    use std::collections::BTreeMap;

    use super::{Heap, PAGE, Source, list_of};

    /// Pages of one large piece of memory. With holes, every second one belongs to somebody else.
    struct Pages {
        memory: Vec<u128>,
        used: usize,
        holes: bool,
    }

    impl Pages {
        fn new(pages: usize, holes: bool) -> Self {
            Self { memory: vec![0; pages * PAGE / size_of::<u128>()], used: 0, holes }
        }
    }

    impl Source for Pages {
        fn grow(&mut self, bytes: usize) -> *mut u8 {
            let start = self.used + if self.holes { PAGE } else { 0 };
            if start + bytes > self.memory.len() * size_of::<u128>() {
                return std::ptr::null_mut();
            }
            self.used = start + bytes;
            self.memory.as_mut_ptr().cast::<u8>().wrapping_add(start)
        }
    }

    /// A small generator of numbers, so that a failure can be repeated.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % end
        }
    }

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn sorts_sizes_into_lists() {
        for (size, list) in [(1, 0), (16, 0), (17, 1), (32, 1), (33, 2), (4096, 8), (4097, 9), (1 << 30, 26)] {
            assert_eq!(list_of(size), Some(list), "{size}");
        }
        assert_eq!(list_of((1 << 30) + 1), None);
        assert_eq!(list_of(usize::MAX), None);
    }

    #[test]
    fn hands_out_blocks_that_are_aligned_and_nobody_else_s() {
        for holes in [false, true] {
            let mut heap = Heap::new(Pages::new(400, holes));
            let mut numbers = Numbers(7);
            let mut blocks: BTreeMap<usize, (*mut u8, Layout, u8)> = BTreeMap::new();
            for step in 0..50_000 {
                if numbers.below(100) < 52 {
                    let layout = layout(1 + numbers.below(3_000), 1 << numbers.below(9));
                    let block = heap.allocate(layout);
                    assert!(!block.is_null());
                    assert_eq!(block.addr() % layout.align(), 0);
                    let below = blocks.range(..=block.addr()).next_back();
                    assert!(below.is_none_or(|(start, (_, other, _))| start + other.size() <= block.addr()));
                    let above = blocks.range(block.addr()..).next();
                    assert!(above.is_none_or(|(start, _)| block.addr() + layout.size() <= *start));
                    let mark = step as u8;
                    // SAFETY: the block was just allocated with this size.
                    unsafe { block.write_bytes(mark, layout.size()) };
                    blocks.insert(block.addr(), (block, layout, mark));
                } else if !blocks.is_empty() {
                    let key = *blocks.keys().nth(numbers.below(blocks.len())).unwrap();
                    let (block, layout, mark) = blocks.remove(&key).unwrap();
                    // SAFETY: the block is live, of this size, and was filled above.
                    let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
                    assert!(bytes.iter().all(|byte| *byte == mark));
                    // SAFETY: it came from `allocate`, and is forgotten here.
                    unsafe { heap.release(block, layout.size()) };
                }
                if blocks.len() > 400 {
                    blocks.retain(|_, (block, layout, _)| {
                        // SAFETY: as above.
                        unsafe { heap.release(*block, layout.size()) };
                        false
                    });
                }
            }
        }
    }

    #[test]
    fn stops_growing_when_calls_are_alike() {
        let mut heap = Heap::new(Pages::new(64, false));
        let mut call = || {
            let layouts: Vec<Layout> = (0..60).map(|index| layout(8 + index * 37, 8)).collect();
            let blocks: Vec<*mut u8> = layouts.iter().map(|layout| heap.allocate(*layout)).collect();
            for (block, layout) in blocks.iter().zip(&layouts) {
                // SAFETY: it came from `allocate` with this layout, and is used no more.
                unsafe { heap.release(*block, layout.size()) };
            }
            heap.source.used
        };
        let first = call();
        for _ in 0..1_000 {
            assert_eq!(call(), first);
        }
    }

    #[test]
    fn says_no_when_there_is_no_more_memory() {
        let mut heap = Heap::new(Pages::new(2, false));
        assert!(heap.allocate(layout(3 * PAGE, 8)).is_null());
        assert!(heap.allocate(layout((1 << 30) + 1, 8)).is_null());
        let mut count = 0;
        while !heap.allocate(layout(1_024, 8)).is_null() {
            count += 1;
        }
        assert_eq!(count, 128);
    }
}
