use super::*;
use crate::engine::settings::Settings;
use crate::wire::Key;

#[test]
fn a_worker_that_was_idle_for_long_is_gone_as_soon_as_it_does_not_sleep_any_more() {
    let key = Key::new("test-key-not-real").expect("a key");
    let engine = Engine::new(key, Settings { workers: 1, ..Settings::default() });
    engine.lock().workers = 1;
    let idle_since = Instant::now().checked_sub(2 * IDLE).expect("this machine runs longer");
    let state = engine.lock();
    assert!(!engine.park_idle(&Arc::default(), state, Duration::ZERO, idle_since));
    let state = engine.lock();
    assert_eq!((state.workers, state.idle.len()), (0, 0), "else no other is started for the next job");
}
