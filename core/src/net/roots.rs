//! Whose root certificates are trusted, and PEM as people have it.

use super::ca_file;
use super::tls_words::in_words;
use crate::byte_order::big_endian;
use crate::error::Error;
use crate::process::{PerProcess, is_privileged, unforked};
use std::borrow::Cow;
use std::env;
use std::sync::{Arc, Mutex, PoisonError};
use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};
use ureq::unversioned::transport::RustlsConnector;

/// Where trusted roots come from. No value turns verification off.
#[derive(Debug, Clone, Default)]
pub enum RootCertificates {
    /// Mozilla's roots, built in.
    #[default]
    Bundled,
    /// The system's verifier and its roots.
    System,
    /// The host's own roots, and no others.
    Own(Arc<OwnRoots>),
}

/// Roots given as PEM, with the TLS configuration that uses them.
#[derive(Debug)]
pub struct OwnRoots {
    certificates: Arc<Vec<Certificate<'static>>>,
    pub(super) connector: PerProcess<Arc<RustlsConnector>>,
}

impl RootCertificates {
    /// The system's, where it lets a library in C have them.
    pub fn system() -> Result<RootCertificates, Error> {
        RootCertificates::system_of(env::consts::OS)
    }

    /// The verifier of Android is reached by JNI, which panics where no Java code has set it up.
    fn system_of(os: &str) -> Result<RootCertificates, Error> {
        if os == "android" {
            let reason = "cannot be MLAB_ROOTS_SYSTEM on Android, whose roots only Java code can ask for; use \
                       MLAB_ROOTS_BUNDLED, mlab_config_set_ca_file() or mlab_config_set_ca_pem()";
            return Err(Error::argument("roots", reason));
        }
        Ok(RootCertificates::System)
    }

    /// Reads one or more PEM certificates; `name` is the parameter they came in.
    pub fn from_pem(name: &'static str, pem: &[u8]) -> Result<RootCertificates, Error> {
        let mut certificates = Vec::new();
        for certificate in certificates_in(&plain_labels(pem)) {
            let certificate =
                certificate.map_err(|_| Error::argument(name, "holds PEM that cannot be decoded"))?;
            let der = first_element(certificate.der());
            // rustls would leave an unusable root out silently, and every handshake would fail for it.
            rustls::RootCertStore::empty().add(der.into()).map_err(|e| unusable(name, &e))?;
            certificates.push(Certificate::from_der(der).to_owned());
        }
        if certificates.is_empty() {
            return Err(Error::argument(name, "holds no PEM certificate (-----BEGIN CERTIFICATE-----)"));
        }
        Ok(RootCertificates::own(certificates))
    }

    /// Reads a file of one or more PEM certificates; `name` is the parameter that its path came in.
    pub fn from_file(name: &'static str, path: &str) -> Result<RootCertificates, Error> {
        RootCertificates::from_pem(name, &ca_file::read(name, path)?)
    }

    fn own(certificates: Vec<Certificate<'static>>) -> RootCertificates {
        RootCertificates::Own(Arc::new(OwnRoots {
            certificates: Arc::new(certificates),
            connector: PerProcess::default(),
        }))
    }

    pub(super) fn for_ureq(&self) -> RootCerts {
        match self {
            RootCertificates::Bundled => RootCerts::WebPki,
            RootCertificates::System if must_not_ask_the_environment() => {
                RootCerts::Specific(from_the_usual_files())
            }
            RootCertificates::System => RootCerts::PlatformVerifier,
            RootCertificates::Own(own) => RootCerts::Specific(Arc::clone(&own.certificates)),
        }
    }
}

/// Where Linux distributions and the BSDs have their roots.
const USUAL_FILES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The system's roots without a word of the environment; read at first, by two threads at once perhaps: a disk may take its
/// time, for which no fork is held off.
fn from_the_usual_files() -> Arc<Vec<Certificate<'static>>> {
    static READ: Mutex<Option<Arc<Vec<Certificate<'static>>>>> = Mutex::new(None);
    let known = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(roots) = unforked(|| known().clone()) {
        return roots;
    }
    let pem = USUAL_FILES.iter().find_map(|path| ca_file::read("roots", path).ok()).unwrap_or_default();
    let roots = Arc::new(certificates_in(&pem).filter_map(Result::ok).collect());
    unforked(|| Arc::clone(known().get_or_insert(roots)))
}

/// Whether whoever started this program could name roots by the variables that the system's verifier reads, and has no
/// business doing so: the program is setuid. macOS, Windows and Android read none.
fn must_not_ask_the_environment() -> bool {
    cfg!(all(unix, not(target_vendor = "apple"), not(target_os = "android")))
        && is_privileged()
        && ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| env::var_os(name).is_some())
}

fn unusable(name: &'static str, e: &rustls::Error) -> Error {
    Error::argument(name, format!("holds an unusable certificate: {}", in_words(e)))
}

/// What else stands there, keys, is passed over.
fn certificates_in(pem: &[u8]) -> impl Iterator<Item = Result<Certificate<'static>, ureq::Error>> {
    parse_pem(pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
        Ok(_) => None,
        Err(e) => Some(Err(e)),
    })
}

/// The same with the one label that the parser knows. OpenSSL has two more for certificates (its pem.h), and editors put
/// a byte order mark before the first line, which then stands in the middle where files were put together.
fn plain_labels(pem: &[u8]) -> Cow<'_, [u8]> {
    const SAME: [(&[u8], &[u8]); 5] = [
        (b"\xef\xbb\xbf-----BEGIN ", b"-----BEGIN "),
        (b"-----BEGIN TRUSTED CERTIFICATE-----", b"-----BEGIN CERTIFICATE-----"),
        (b"-----END TRUSTED CERTIFICATE-----", b"-----END CERTIFICATE-----"),
        (b"-----BEGIN X509 CERTIFICATE-----", b"-----BEGIN CERTIFICATE-----"),
        (b"-----END X509 CERTIFICATE-----", b"-----END CERTIFICATE-----"),
    ];
    let mut plain = Cow::Borrowed(pem);
    for (from, to) in SAME {
        let found: Vec<usize> = memchr::memmem::find_iter(&plain, from).collect();
        if found.is_empty() {
            continue;
        }
        let mut replaced = Vec::with_capacity(plain.len());
        let mut end = 0;
        for at in found {
            replaced.extend_from_slice(&plain[end..at]);
            replaced.extend_from_slice(to);
            end = at + from.len();
        }
        replaced.extend_from_slice(&plain[end..]);
        plain = Cow::Owned(replaced);
    }
    plain
}

/// The certificate alone: in a TRUSTED CERTIFICATE what it is trusted for stands behind it. As long as its outermost DER
/// element says (X.690, section 8.1.3); all of it where that cannot be read.
fn first_element(der: &[u8]) -> &[u8] {
    let Some(&[_, first]) = der.first_chunk::<2>() else { return der };
    let (head, length) = match first {
        short @ 0..=0x7f => (2, usize::from(short)),
        long @ 0x81..=0x84 => {
            let head = 2 + usize::from(long & 0x7f);
            let Some(length) = der.get(2..head) else { return der };
            (head, big_endian(length) as usize)
        }
        _ => return der,
    };
    der.get(..head.saturating_add(length)).unwrap_or(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_ends_where_its_length_says_and_is_all_there_is_where_that_cannot_be_read() {
        let long = |head: &[u8], length: usize| [head, &vec![7; length]].concat();
        for (der, whole) in [
            (vec![0x30, 2, 7, 7, 9], 4),
            (long(&[0x30, 0x81, 200], 203), 203),
            (long(&[0x30, 0x82, 1, 0], 260), 260),
            // Cut, in its length or behind it.
            (vec![0x30], 1),
            (vec![0x30, 0x82, 1], 3),
            (vec![0x30, 9, 7, 7], 4),
            // Without a length, which DER forbids, and with one that no memory holds.
            (vec![0x30, 0x80, 7, 7], 4),
            (vec![0x30, 0x85, 0, 0, 0, 0, 1, 7, 7], 9),
            (vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 7], 7),
        ] {
            assert_eq!(first_element(&der).len(), whole, "{der:x?}");
        }
    }

    #[test]
    fn android_refuses_the_systems_roots_and_says_what_to_use() {
        for os in ["linux", "macos", "ios", "windows", "freebsd"] {
            assert!(matches!(RootCertificates::system_of(os), Ok(RootCertificates::System)), "{os}");
        }
        let refused = RootCertificates::system_of("android").expect_err("refused").to_string();
        for words in ["Android", "Java", "MLAB_ROOTS_BUNDLED", "mlab_config_set_ca_pem"] {
            assert!(refused.contains(words), "{words}: {refused}");
        }
    }
}
