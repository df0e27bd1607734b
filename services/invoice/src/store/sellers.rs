//! The copy of who sells: what documents say about them.

use std::collections::{BTreeMap, BTreeSet};

use contracts::vendor::TaxScheme;
use kernel::{Gstin, Pincode, StateCode, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::party::{Address, Registration, Supplier};

/// A seller as documents need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    /// In whose name documents are issued.
    pub supplier: Supplier,
    /// The first four characters of its numbers.
    pub prefix: String,
}

/// A seller as it was heard.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    pub vendor_id: VendorId,
    /// The name on documents.
    pub legal_name: &'a str,
    pub gstin: Option<&'a Gstin>,
    /// Under which scheme it supplies, and its number where it is not registered.
    pub scheme: (Option<TaxScheme>, Option<&'a str>),
    /// The first four characters of its numbers.
    pub prefix: &'a str,
    /// House and street, and what else there is.
    pub lines: (&'a str, Option<&'a str>),
    pub city: &'a str,
    /// State and postal index number.
    pub place: (StateCode, &'a Pincode),
}

/// Keeps a seller, unless a later version is kept.
pub async fn upsert(conn: &mut PgConnection, seller: &Heard<'_>, version: i64) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into sellers as s
             (vendor_id, legal_name, gstin, invoice_prefix, line1, line2, city, state, pincode, version,
              scheme, enrolment)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (vendor_id) do update
         set legal_name = excluded.legal_name, gstin = excluded.gstin,
             invoice_prefix = excluded.invoice_prefix, line1 = excluded.line1,
             line2 = excluded.line2, city = excluded.city, state = excluded.state,
             pincode = excluded.pincode, version = excluded.version, scheme = excluded.scheme,
             enrolment = excluded.enrolment
         where s.version < excluded.version",
        seller.vendor_id.as_uuid(),
        seller.legal_name,
        seller.gstin.map(Gstin::as_str),
        seller.prefix,
        seller.lines.0,
        seller.lines.1,
        seller.city,
        seller.place.0.as_str(),
        seller.place.1.as_str(),
        version,
        seller.scheme.0.and_then(word),
        seller.scheme.1,
    );
    query.execute(conn).await.map(drop)
}

/// As the table has it.
const fn word(scheme: TaxScheme) -> Option<&'static str> {
    match scheme {
        TaxScheme::Regular => Some("regular"),
        TaxScheme::Composition => Some("composition"),
        TaxScheme::Enrolled => Some("enrolled"),
        TaxScheme::Unknown => None,
    }
}

/// Those of `vendors` that were heard of.
pub async fn list(
    conn: &mut PgConnection,
    vendors: &BTreeSet<VendorId>,
) -> sqlx::Result<BTreeMap<VendorId, Seller>> {
    let vendors: Vec<Uuid> = vendors.iter().map(VendorId::as_uuid).collect();
    let query = sqlx::query!(
        "select vendor_id, legal_name, gstin, invoice_prefix, line1, line2, city, state, pincode, scheme,
                enrolment
           from sellers
          where vendor_id = any($1)",
        &vendors,
    );
    let rows = query.fetch_all(conn).await?;
    let sellers = rows.into_iter().map(|row| {
        let address = Address {
            lines: [Some(row.line1), row.line2].into_iter().flatten().collect(),
            city: row.city,
            state: row.state,
            pincode: Some(row.pincode),
        };
        let registration = registration(row.gstin, row.scheme.as_deref(), row.enrolment);
        let supplier = Supplier { legal_name: row.legal_name, address, registration };
        (row.vendor_id, Seller { supplier, prefix: row.invoice_prefix })
    });
    Ok(sellers.collect())
}

fn registration(
    gstin: Option<Gstin>,
    scheme: Option<&str>,
    enrolment: Option<String>,
) -> Registration {
    match gstin {
        Some(gstin) if scheme == word(TaxScheme::Composition) => {
            Registration::Composition { gstin }
        }
        Some(gstin) => Registration::Regular { gstin },
        None => Registration::Unregistered { enrolment },
    }
}
