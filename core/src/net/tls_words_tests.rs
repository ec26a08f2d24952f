use super::*;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertRevocationListError, InconsistentKeys, InvalidMessage, OtherError, PeerMisbehaved};
use std::sync::Arc;

fn at(days: u64) -> UnixTime {
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(days * DAY_S))
}

fn other(e: impl std::error::Error + Send + Sync + 'static) -> OtherError {
    OtherError(Arc::new(e))
}

/// Each kind of trouble with a certificate that has words of its own, and a part of them.
fn certificates() -> Vec<(CertificateError, &'static str)> {
    use CertificateError as E;
    let for_names = |presented: &[&str]| E::NotValidForNameContext {
        expected: ServerName::try_from("wanted.example").expect("a name"),
        presented: presented.iter().map(|name| name.to_string()).collect(),
    };
    vec![
        (E::BadEncoding, "cannot be read"),
        (E::Expired, "the certificate has expired"),
        (E::ExpiredContext { time: at(103), not_after: at(100) }, "has expired, 3 days ago"),
        (E::NotValidYet, "not valid yet"),
        (E::NotValidYetContext { time: at(100), not_before: at(101) }, "not valid yet, but in 24 hours by"),
        (E::Revoked, "was revoked"),
        (E::UnhandledCriticalExtension, "a critical extension"),
        (E::UnknownIssuer, "signed by nobody who is trusted"),
        (E::UnknownRevocationStatus, "nobody says whether"),
        (E::ExpiredRevocationList, "nobody says whether"),
        (E::ExpiredRevocationListContext { time: at(2), next_update: at(1) }, "nobody says whether"),
        (E::BadSignature, "signature is wrong"),
        (
            E::UnsupportedSignatureAlgorithmContext {
                signature_algorithm_id: vec![42, 134, 72],
                supported_algorithms: Vec::new(),
            },
            "in a way that is not supported",
        ),
        (
            E::UnsupportedSignatureAlgorithmForPublicKeyContext {
                signature_algorithm_id: vec![42, 134, 72],
                public_key_algorithm_id: vec![42, 134, 72],
            },
            "in a way that is not supported",
        ),
        (E::NotValidForName, "for another name"),
        (for_names(&[]), "for another name"),
        (for_names(&["DnsName(\"a.example\")", "IpAddress(127.0.0.1)"]), "name: a.example, 127.0.0.1"),
        (E::InvalidPurpose, "not for servers"),
        (E::InvalidOcspResponse, "OCSP response is wrong"),
        (E::ApplicationVerificationFailure, "was refused"),
        (E::Other(other(std::fmt::Error)), "was refused"),
        (E::Other(other(ChainError::CaUsedAsEndEntity)), "a CA's own"),
        (E::Other(other(ChainError::EndEntityUsedAsCa)), "may sign none"),
        (E::Other(other(ChainError::NameConstraintViolation)), "may not sign for this name"),
        (E::Other(other(ChainError::PathLenConstraintViolated)), "too many issuers"),
        (E::Other(other(ChainError::MaximumPathBuildCallsExceeded)), "too much to check"),
        (E::Other(other(ChainError::UnsupportedCertVersion)), "before 3"),
        (E::Other(other(ChainError::CertDistrusted)), "no longer trusted"),
        (E::Other(other(ChainError::InvalidSerialNumber)), "RFC 5280"),
    ]
}

/// The same for the rest of a handshake.
fn handshakes() -> Vec<(Error, &'static str)> {
    let alert = |alert, words| (Error::AlertReceived(alert), words);
    vec![
        (Error::InvalidMessage(InvalidMessage::InvalidContentType), "not TLS; check the port"),
        (Error::PeerSentOversizedRecord, "not TLS; check the port"),
        (Error::NoCertificatesPresented, "no certificate"),
        (Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13), "neither TLS 1.2 nor"),
        (Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon), "no way of TLS"),
        (Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedCipherSuite), "breaks the rules"),
        (Error::DecryptError, "changed on its way"),
        (Error::FailedToGetCurrentTime, "no clock"),
        (Error::FailedToGetRandomBytes, "no random numbers"),
        (Error::InvalidCertRevocationList(CertRevocationListError::ParseError), "list of revoked"),
        (Error::General("The system's verifier says no. ".into()), "verifier says no"),
        (Error::HandshakeNotComplete, "the TLS handshake failed"),
        (Error::InconsistentKeys(InconsistentKeys::KeyMismatch), "the TLS handshake failed"),
        (Error::Other(other(std::fmt::Error)), "the TLS handshake failed"),
        alert(AlertDescription::CertificateRequired, "has none (TLS alert 116)"),
        alert(AlertDescription::HandshakeFailure, "accepts no cipher"),
        alert(AlertDescription::InsufficientSecurity, "accepts no cipher"),
        alert(AlertDescription::ProtocolVersion, "neither TLS 1.2 nor TLS 1.3"),
        alert(AlertDescription::UnrecognisedName, "does not know this host name"),
        alert(AlertDescription::AccessDenied, "denies access"),
        alert(AlertDescription::InternalError, "an error of its own"),
        alert(AlertDescription::BadRecordMac, "changed on its way"),
        alert(AlertDescription::UserCanceled, "gave up"),
        alert(AlertDescription::CloseNotify, "with the TLS alert 0"),
    ]
}

/// Nothing of rustls' own words: names of its types, or bytes.
fn assert_plain(error: &Error, words: &str) {
    let camel = |word: &str| word.chars().skip(1).any(char::is_uppercase) && word != word.to_uppercase();
    let type_name = words.split(|c: char| !c.is_alphanumeric()).find(|word| camel(word));
    assert!(type_name.is_none_or(|word| word == "CA"), "{error:?}: {words}");
    assert!(!words.contains(['[', '{', '"']) && !words.ends_with('.'), "{error:?}: {words}");
}

#[test]
fn every_failure_is_told_in_words_without_names_of_types_or_bytes() {
    let certificates = certificates().into_iter().map(|(e, words)| (Error::InvalidCertificate(e), words));
    for (error, part) in certificates.chain(handshakes()) {
        let words = in_words(&error);
        assert!(words.contains(part), "{error:?}: {words}");
        assert_plain(&error, &words);
    }
    for number in 0..=u8::MAX {
        let error = Error::AlertReceived(number.into());
        assert_plain(&error, &in_words(&error));
    }
}

#[test]
fn a_certificates_names_are_told_bare_and_not_all_of_a_hundred() {
    let presented = ["DnsName(\"localhost\")", "IpAddress(127.0.0.1)", "DnsName(\"a\\n b\")"];
    assert_eq!(names(&presented.map(String::from)), "localhost, 127.0.0.1");
    let many: Vec<String> = (0..100).map(|n| format!("DnsName(\"{n}.example\")")).collect();
    assert_eq!(names(&many), "0.example, 1.example, 2.example, 3.example, and more");
}

#[test]
fn a_span_is_told_in_the_largest_unit_that_says_something() {
    let spans = [0, 1, 119, 120, 7199, 7200, 172_799, 172_800, 400 * DAY_S].map(span);
    let wanted = [
        "0 seconds",
        "1 second",
        "119 seconds",
        "2 minutes",
        "119 minutes",
        "2 hours",
        "47 hours",
        "2 days",
        "400 days",
    ];
    assert_eq!(spans, wanted);
}
