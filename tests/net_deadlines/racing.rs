//! Hosts with several addresses of which some are dead. The addresses are all of this machine; the port is one.

use super::call::{READY, fetch, settings_trusting};
use super::left::{alone, descriptors};
use super::quickest::one_of_three_within;
use super::{HURRY_MS, PROMISE, late, timed};
use mlab_core::engine::Settings;
use mlab_core::error::Status;
use mlab_core::net::{CancelToken, Names, ProxySetting};
use mlab_standin::{Authority, BlackHole, Leaf, RawServer, Step};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Where the server listens.
const GOOD: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Where connects get no answer.
const DEAD: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3))];

/// Where nobody listens: connects are refused at once.
const REFUSED: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::new(127, 0, 0, 4)), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// "Well under the connect timeout" of [`super::PATIENCE_MS`]: each dead address costs 250 ms (RFC 8305, section 5).
const SOON: Duration = Duration::from_millis(2_000);

/// What a name leads to.
type Lookup = fn(&str) -> io::Result<Vec<IpAddr>>;

/// A server at [`GOOD`], and black holes at [`DEAD`] with the same port.
struct Host {
    server: RawServer,
    settings: Settings,
    _holes: Vec<BlackHole>,
}

impl Host {
    fn with_names(lookup: Lookup) -> Host {
        let authority = Authority::new().expect("a root");
        // The one name that is no name of this machine, so that it is looked up, and has a certificate.
        let identity = authority.issue(Leaf::WrongName).expect("a certificate");
        let script = vec![Step::ReadRequest, Step::json(200, READY)];
        let server = RawServer::tls(identity, script).expect("a server");
        let port = server.address().port();
        let endpoint = format!("https://elsewhere.invalid:{port}/fetch/{{id}}");
        let mut settings = settings_trusting(&endpoint, authority.ca_pem());
        settings.net.proxy = ProxySetting::None;
        settings.net.names = Names::with(lookup);
        let hole = |ip: IpAddr| BlackHole::open_at(SocketAddr::new(ip, port)).expect("a free port");
        Host { server, settings, _holes: DEAD.map(hole).into() }
    }
}

#[test]
fn dead_addresses_are_not_waited_out() {
    let _turn = alone();
    let before = descriptors().len();
    let hosts: [Lookup; 6] = [
        |_| Ok(vec![GOOD]),
        |_| Ok(vec![GOOD, DEAD[0]]),
        |_| Ok(vec![DEAD[0], GOOD]),
        |_| Ok(vec![DEAD[0], DEAD[1], GOOD]),
        |_| Ok(vec![REFUSED[0], REFUSED[1], GOOD]),
        |_| Ok(vec![REFUSED[1], DEAD[0], REFUSED[0], GOOD]),
    ];
    for (number, lookup) in hosts.into_iter().enumerate() {
        let host = Host::with_names(lookup);
        let (report, took) = timed(&host.settings, &CancelToken::new());
        assert_eq!(report.status, Status::Ok, "host {number}: {}", report.message);
        assert!(took < SOON, "host {number}: {took:?}");
        assert_eq!(host.server.counts().requests, 1, "host {number}: the request goes out once");
    }
    // What lost the race is closed as well.
    assert_eq!(descriptors().len(), before, "{:?}", descriptors());
}

#[test]
fn addresses_that_are_all_dead_cost_one_connect_timeout_together() {
    let _turn = alone();
    let mut host = Host::with_names(|_| Ok(vec![DEAD[0], REFUSED[0], DEAD[1]]));
    host.settings.set_connect_timeout_ms(HURRY_MS).expect("a valid timeout");
    one_of_three_within(PROMISE, || {
        let (report, took) = timed(&host.settings, &CancelToken::new());
        let says = ["(connecting)", "the connect timeout"];
        let late = late(&report, Status::Timeout, &says, took, Duration::from_millis(HURRY_MS.into()));
        late.unwrap_or_else(|why| panic!("{why}"))
    });
}

#[test]
fn a_host_whose_addresses_all_refuse_is_told_at_once() {
    let _turn = alone();
    let host = Host::with_names(|_| Ok(REFUSED.into()));
    one_of_three_within(PROMISE, || {
        let start = Instant::now();
        let report = fetch(&host.settings);
        assert_eq!(report.status, Status::Connect, "{}", report.message);
        start.elapsed()
    });
}
