//! Transfers that run at the same time.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::core::io::CallError;

/// Transfers at the same time, and the bytes that they carry together. One that carries more runs alone.
const AT_ONCE: usize = 6;
const BYTES: u64 = 48 << 20;

/// Runs transfers, given with the bytes that each carries, until all are done or one fails.
pub async fn run<F: Future<Output = Result<(), CallError>>>(
    transfers: impl Iterator<Item = (u64, F)>,
) -> Result<(), CallError> {
    let mut waiting = transfers.peekable();
    let mut running: Vec<(u64, Pin<Box<F>>)> = Vec::new();
    poll_fn(|context| {
        loop {
            let mut free = BYTES.saturating_sub(running.iter().map(|(bytes, _)| bytes).sum());
            while running.len() < AT_ONCE
                && let Some((bytes, transfer)) = waiting.next_if(|(bytes, _)| *bytes <= free || running.is_empty())
            {
                free = free.saturating_sub(bytes);
                running.push((bytes, Box::pin(transfer)));
            }
            let (started, mut failed) = (running.len(), None);
            running.retain_mut(|(_, transfer)| match transfer.as_mut().poll(context) {
                Poll::Ready(Err(stop)) => {
                    failed.get_or_insert(stop);
                    false
                }
                Poll::Ready(Ok(())) => false,
                Poll::Pending => true,
            });
            match failed {
                Some(stop) => return Poll::Ready(Err(stop)),
                None if started == 0 => return Poll::Ready(Ok(())),
                None if running.len() == started => return Poll::Pending,
                None => {}
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::core::failure::Failure;

    /// What runs while transfers of these sizes wait for `open`.
    fn begun(sizes: &[u64]) -> (usize, usize) {
        let (open, count) = (Cell::new(false), Cell::new(0));
        let transfers = sizes.iter().map(|size| {
            let (open, count) = (&open, &count);
            let transfer = async move {
                count.set(count.get() + 1);
                poll_fn(|_| if open.get() { Poll::Ready(()) } else { Poll::Pending }).await;
                Ok(())
            };
            (*size, transfer)
        });
        let mut pool = pin!(run(transfers));
        let mut context = Context::from_waker(Waker::noop());
        assert!(pool.as_mut().poll(&mut context).is_pending());
        let before = count.get();
        open.set(true);
        assert!(matches!(pool.as_mut().poll(&mut context), Poll::Ready(Ok(()))));
        (before, count.get())
    }

    #[test]
    fn so_many_run_at_once_and_so_many_bytes() {
        assert_eq!(begun(&[1; 20]), (AT_ONCE, 20));
        assert_eq!(begun(&[BYTES / 2; 5]), (2, 5));
        assert_eq!(begun(&[BYTES * 9, 1, 1]), (1, 3));
        assert_eq!(begun(&[1, BYTES * 9, 1]), (1, 3));
    }

    #[test]
    fn the_first_failure_ends_all() {
        let done = RefCell::new(Vec::new());
        let transfers = (0..9).map(|at| {
            let done = &done;
            let transfer = async move {
                done.borrow_mut().push(at);
                if at == 1 { Err(Failure::protocol("no").into()) } else { Ok(()) }
            };
            (1, transfer)
        });
        let mut pool = pin!(run(transfers));
        let ended = pool.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(ended, Poll::Ready(Err(CallError::Failed(_)))));
        assert_eq!(done.take().len(), AT_ONCE);
    }
}
