//! Sellers and who may act for them.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Gstin, Ifsc, Line, Pincode, StateCode, UserId, VendorId};
use sqlx::PgConnection;

use crate::domain::address::Address;
use crate::domain::bank::Payee;
use crate::domain::payout_account::PayoutAccount;
use crate::domain::scheme::{Enrolment, Scheme};
use crate::domain::standing::{SellerStatus, Standing};
use crate::domain::vendor::{Sealed, Vendor};

struct Row {
    id: VendorId,
    owner_id: UserId,
    members: Vec<UserId>,
    status: String,
    reason: Option<String>,
    decided_at: Option<jiff_sqlx::Timestamp>,
    legal_name: String,
    display_name: String,
    gstin: Option<Gstin>,
    scheme: Option<String>,
    enrolment: Option<String>,
    pan_sealed: String,
    pan_mark: Option<String>,
    account_mark: Option<String>,
    line1: String,
    line2: Option<String>,
    city: String,
    state: StateCode,
    pincode: Pincode,
    account_sealed: String,
    ifsc: Ifsc,
    account_holder: String,
    invoice_prefix: String,
    commission_bp: i32,
    version: i64,
    created_at: Timestamp,
    edition: Option<i32>,
    account_state: Option<String>,
    payable_from: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Vendor {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let scheme = match &row.scheme {
            Some(scheme) => row::parse("vendors.scheme", scheme)?,
            None => Scheme::unasked(row.gstin.as_ref()),
        };
        let payout_account = match (row.edition, &row.account_state, row.payable_from) {
            (Some(edition), Some(state), Some(from)) => Some(PayoutAccount {
                edition,
                state: row::parse("payout_accounts.state", state)?,
                payable_from: from.to_jiff(),
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            owner: row.owner_id,
            members: row.members,
            standing: Standing {
                status: status(&row.status, row.reason)?,
                decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
            },
            legal_name: Line::kept(row.legal_name),
            display_name: Line::kept(row.display_name),
            gstin: row.gstin,
            scheme,
            enrolment: row.enrolment.map(|number| Enrolment::kept(&number)),
            address: Address {
                line1: Line::kept(row.line1),
                line2: row.line2.map(Line::kept),
                city: Line::kept(row.city),
                state: row.state,
                pincode: row.pincode,
            },
            payee: Payee { ifsc: row.ifsc, holder: Line::kept(row.account_holder) },
            payout_account,
            sealed: Sealed {
                pan: row.pan_sealed,
                account_number: row.account_sealed,
                pan_mark: row.pan_mark,
                account_mark: row.account_mark,
            },
            invoice_prefix: row.invoice_prefix,
            commission_bp: row::fit("vendors.commission_bp", u32::try_from(row.commission_bp))?,
            version: row.version,
            since: row.created_at,
        })
    }
}

fn status(text: &str, reason: Option<String>) -> sqlx::Result<SellerStatus> {
    match (text, reason) {
        ("draft", None) => Ok(SellerStatus::Draft),
        ("submitted", None) => Ok(SellerStatus::Submitted),
        ("approved", None) => Ok(SellerStatus::Approved),
        ("rejected", Some(reason)) => Ok(SellerStatus::Rejected { reason }),
        ("suspended", Some(reason)) => Ok(SellerStatus::Suspended { reason }),
        _ => Err(row::unknown("vendors.status", text)),
    }
}

pub async fn find(conn: &mut PgConnection, id: VendorId) -> sqlx::Result<Option<Vendor>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, owner_id,
                  array(select m.user_id
                          from vendor_members m
                         where m.vendor_id = vendors.id
                         order by m.created_at, m.user_id) as "members!: Vec<UserId>",
                  status, reason, decided_at, legal_name, display_name, gstin, pan_sealed, line1,
                  line2, city, vendors.state, pincode, account_sealed, ifsc, account_holder, invoice_prefix,
                  commission_bp, version, created_at, scheme, enrolment, pan_mark, account_mark,
                  a.edition as "edition?", a.state as "account_state?", a.payable_from as "payable_from?"
             from vendors
             left join payout_accounts a on a.vendor_id = vendors.id
            where id = $1"#,
        id.as_uuid()
    );
    row.fetch_optional(conn).await?.map(Vendor::try_from).transpose()
}

/// Locks a seller, so that two changes take turns.
pub async fn lock(conn: &mut PgConnection, id: VendorId) -> sqlx::Result<Option<Vendor>> {
    sqlx::query!("select id from vendors where id = $1 for update", id.as_uuid())
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

/// Lets applications take turns until the end of the transaction, so that two cannot take the same prefix.
pub async fn lock_prefixes(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('vendors.invoice_prefix'))")
        .execute(conn)
        .await
        .map(drop)
}

/// The first of `candidates` that no seller has.
pub async fn find_free_prefix(
    conn: &mut PgConnection,
    candidates: &[String],
) -> sqlx::Result<Option<String>> {
    let query = sqlx::query_scalar!(
        r#"select c.prefix as "prefix!"
             from unnest($1::text[]) with ordinality as c (prefix, nth)
            where not exists (select from vendors v where v.invoice_prefix = c.prefix)
            order by c.nth
            limit 1"#,
        candidates
    );
    query.fetch_optional(conn).await
}

pub async fn insert(conn: &mut PgConnection, vendor: &Vendor) -> sqlx::Result<()> {
    let address = &vendor.address;
    let commission_bp = row::fit("vendors.commission_bp", i32::try_from(vendor.commission_bp))?;
    let query = sqlx::query!(
        "insert into vendors
             (id, owner_id, status, legal_name, display_name, gstin, pan_sealed, line1, line2, city,
              state, pincode, account_sealed, ifsc, account_holder, invoice_prefix, commission_bp,
              version, created_at, updated_at, scheme, enrolment, pan_mark, account_mark)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19,
                 $20, $21, $22, $23)",
        vendor.id.as_uuid(),
        vendor.owner.as_uuid(),
        vendor.standing.status.into_str(),
        vendor.legal_name.as_str(),
        vendor.display_name.as_str(),
        vendor.gstin.as_ref().map(Gstin::as_str),
        vendor.sealed.pan,
        address.line1.as_str(),
        address.line2.as_ref().map(Line::as_str),
        address.city.as_str(),
        address.state.as_str(),
        address.pincode.as_str(),
        vendor.sealed.account_number,
        vendor.payee.ifsc.as_str(),
        vendor.payee.holder.as_str(),
        vendor.invoice_prefix,
        commission_bp,
        vendor.version,
        vendor.since.to_sqlx(),
        vendor.scheme.into_str(),
        vendor.enrolment.as_ref().map(Enrolment::as_str),
        vendor.sealed.pan_mark,
        vendor.sealed.account_mark,
    );
    query.execute(conn).await.map(drop)
}

/// Lets approvals take turns until the end of the transaction, so that two cannot take the same registration.
pub async fn lock_registrations(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('vendors.gstin'))")
        .execute(conn)
        .await
        .map(drop)
}

/// Whether a seller that was let in, other than this one, has the registration.
pub async fn has_approved(
    conn: &mut PgConnection,
    gstin: &Gstin,
    but: Option<VendorId>,
) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from vendors
                           where gstin = $1 and status in ('approved', 'suspended')
                             and id is distinct from $2) as "some!""#,
        gstin.as_str(),
        but.map(|id| id.as_uuid()),
    );
    query.fetch_one(conn).await
}

/// Some sellers whose numbers have no marks yet.
pub async fn list_unmarked(conn: &mut PgConnection) -> sqlx::Result<Vec<VendorId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: VendorId" from vendors where pan_mark is null order by id limit 100"#
    );
    ids.fetch_all(conn).await
}

/// Writes the sealed numbers of a locked seller, and nothing that anybody is told.
pub async fn set_sealed(
    conn: &mut PgConnection,
    id: VendorId,
    sealed: &Sealed,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update vendors set pan_sealed = $2, account_sealed = $3, pan_mark = $4, account_mark = $5 where id = $1",
        id.as_uuid(),
        sealed.pan,
        sealed.account_number,
        sealed.pan_mark,
        sealed.account_mark,
    );
    query.execute(conn).await.and_then(row::one)
}

/// Lets a user act for a seller.
pub async fn insert_member(
    conn: &mut PgConnection,
    id: VendorId,
    member: UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into vendor_members (vendor_id, user_id, created_at) values ($1, $2, $3)",
        id.as_uuid(),
        member.as_uuid(),
        now.to_sqlx()
    );
    query.execute(conn).await.map(drop)
}

/// Writes everything that can change of a locked seller, as its next version.
pub async fn update(
    conn: &mut PgConnection,
    vendor: &mut Vendor,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (standing, address) = (&vendor.standing, &vendor.address);
    vendor.version += 1;
    let query = sqlx::query!(
        "update vendors
            set status = $2, reason = $3, decided_at = $4, display_name = $5, line1 = $6, line2 = $7,
                city = $8, state = $9, pincode = $10, version = $11, updated_at = $12, enrolment = $13,
                account_sealed = $14, ifsc = $15, account_holder = $16, legal_name = $17, gstin = $18, scheme = $19,
                pan_sealed = $20, pan_mark = $21, account_mark = $22
          where id = $1",
        vendor.id.as_uuid(),
        standing.status.into_str(),
        standing.status.reason(),
        standing.decided_at.map(ToSqlx::to_sqlx),
        vendor.display_name.as_str(),
        address.line1.as_str(),
        address.line2.as_ref().map(Line::as_str),
        address.city.as_str(),
        address.state.as_str(),
        address.pincode.as_str(),
        vendor.version,
        now.to_sqlx(),
        vendor.enrolment.as_ref().map(Enrolment::as_str),
        vendor.sealed.account_number,
        vendor.payee.ifsc.as_str(),
        vendor.payee.holder.as_str(),
        vendor.legal_name.as_str(),
        vendor.gstin.as_ref().map(Gstin::as_str),
        vendor.scheme.into_str(),
        vendor.sealed.pan,
        vendor.sealed.pan_mark,
        vendor.sealed.account_mark,
    );
    query.execute(conn).await.and_then(row::one)
}

#[cfg(test)]
mod tests {
    use super::{SellerStatus, status};

    #[test]
    fn a_status_is_read_as_it_was_written() {
        let reason = || "the bank account is another one's".to_owned();
        for written in [
            SellerStatus::Draft,
            SellerStatus::Submitted,
            SellerStatus::Approved,
            SellerStatus::Rejected { reason: reason() },
            SellerStatus::Suspended { reason: reason() },
        ] {
            let read = status(written.into_str(), written.reason().map(str::to_owned));
            assert_eq!(read.unwrap(), written);
        }
    }
}
