//! Certificates, good and bad, made at each start so that none can expire in the repository.
//!
//! Knows nothing of servers: an [`Identity`] is handed to one.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What is right or wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// For `localhost`, `127.0.0.1` and `::1`, valid now.
    Valid,
    /// For `elsewhere.invalid` alone.
    WrongName,
    /// Right in all but its time: it ended yesterday.
    Expired,
    /// Right in all but its time: it begins tomorrow.
    NotYetValid,
}

/// A certificate chain with its key, for the server side of a handshake.
#[derive(Debug)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    ca_pem: String,
}

impl Identity {
    /// A certificate that nobody but itself vouches for. Its `ca_pem` is itself.
    pub fn self_signed() -> io::Result<Identity> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = leaf_params(Leaf::Valid)?.self_signed(&key).map_err(io::Error::other)?;
        Ok(Identity::new(&certificate, &key, certificate.pem()))
    }

    /// The root that vouches for this certificate, PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    fn new(certificate: &Certificate, key: &KeyPair, ca_pem: String) -> Identity {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Identity { chain: vec![certificate.der().clone()], key, ca_pem }
    }

    pub(crate) fn into_parts(self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        (self.chain, self.key)
    }
}

/// A root of our own. Two of them do not know each other, so a leaf of the one is from an unknown root for the other.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pem: String,
}

impl Authority {
    /// Makes a new root, valid from yesterday for thirty days.
    pub fn new() -> io::Result<Authority> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Each root has a name of its own: some verifiers pick the root by name and then blame the signature.
        params.distinguished_name.push(DnType::CommonName, format!("mlab stand-in CA {}", fingerprint(&key)));
        set_validity(&mut params, -1, 30);
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Authority {
            der: certificate.der().clone(),
            pem: certificate.pem(),
            issuer: Issuer::new(params, key),
        })
    }

    /// The root certificate, PEM: what a client must be told to trust.
    pub fn ca_pem(&self) -> &str {
        &self.pem
    }

    /// The root itself, as a server uses it whose owner made but one certificate.
    pub fn own_identity(&self) -> io::Result<Identity> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.issuer.key().serialize_der()));
        Ok(Identity { chain: vec![self.der.clone()], key, ca_pem: self.pem.clone() })
    }

    /// A new certificate with its own key, signed by this root.
    pub fn issue(&self, leaf: Leaf) -> io::Result<Identity> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = leaf_params(leaf)?.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        Ok(Identity::new(&certificate, &key, self.pem.clone()))
    }
}

fn leaf_params(leaf: Leaf) -> io::Result<CertificateParams> {
    let names: &[&str] = match leaf {
        Leaf::WrongName => &["elsewhere.invalid"],
        Leaf::Valid | Leaf::Expired | Leaf::NotYetValid => &["localhost", "127.0.0.1", "::1"],
    };
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, "mlab stand-in");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    match leaf {
        Leaf::Valid | Leaf::WrongName => set_validity(&mut params, -1, 30),
        Leaf::Expired => set_validity(&mut params, -30, -1),
        Leaf::NotYetValid => set_validity(&mut params, 1, 30),
    }
    Ok(params)
}

/// From and to, in days from now.
fn set_validity(params: &mut CertificateParams, from: i64, to: i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let day = |offset: i64| {
        let days = now.as_secs() as i64 / 86_400 + offset;
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(days.max(0) as u64 * 86_400)
    };
    params.not_before = day(from);
    params.not_after = day(to);
}

/// The end of the public key in hexadecimal: enough to tell roots apart.
fn fingerprint(key: &KeyPair) -> String {
    let public = key.public_key_raw();
    public[public.len() - 4..].iter().map(|byte| format!("{byte:02x}")).collect()
}
