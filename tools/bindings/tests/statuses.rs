//! The lists of statuses are read from the header as a person would.

use mlab_bindings::declarations::{constants, functions};
use mlab_bindings::statuses::listed;
use std::collections::BTreeSet;

#[test]
fn the_lists_of_the_header_are_read() {
    let (functions, constants) = (functions(), constants());
    let of = |name| listed(&functions, &constants, name);
    let fetch = of("mlab_fetch_queued");
    // From RESOLVE to API, with those that are neither.
    for status in [0, 1, -1, -7, -8, -20, -28, -40, -48] {
        assert!(fetch.contains(&status), "{status} of {fetch:?}");
    }
    assert!(!fetch.contains(&-2) && !fetch.contains(&-60), "{fetch:?}");
    let wait = of("mlab_client_wait");
    assert!(wait.contains(&-60), "{wait:?}");
    assert!(wait.contains(&-3) && wait.contains(&-48) && wait.contains(&1), "{wait:?}");
    assert!(of("mlab_client_download").contains(&-60) && !of("mlab_client_download_memory").contains(&-60));
    assert_eq!(of("mlab_config_set_ca_file"), BTreeSet::from([0, -1, -60]));
    assert!(wait.is_subset(&of("mlab_event_status")));
}
