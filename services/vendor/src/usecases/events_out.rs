//! What the others are told about a seller.

use chassis::Tx;
use contracts::vendor::{
    BusinessAddress, KycDocument, KycSubmitted, PayoutAccountChanged, PayoutAccountState as State,
    TaxScheme, VendorChanged, VendorStatus,
};

use crate::domain::document::Document;
use crate::domain::payout_account::PayoutAccountState;
use crate::domain::scheme::Scheme;
use crate::domain::standing::SellerStatus;
use crate::domain::vendor::Vendor;

pub fn changed(tx: &mut Tx, vendor: &Vendor) {
    let address = &vendor.address;
    tx.emit(&VendorChanged {
        vendor_id: vendor.id,
        owner: vendor.owner,
        members: vendor.members.clone(),
        status: status(&vendor.standing.status),
        display_name: vendor.display_name.as_str().to_owned(),
        legal_name: vendor.legal_name.as_str().to_owned(),
        gstin: vendor.gstin.clone(),
        scheme: Some(scheme(vendor.scheme)),
        enrolment: vendor.enrolment.as_ref().map(|number| number.as_str().to_owned()),
        has_pan: true,
        address: BusinessAddress {
            line1: address.line1.as_str().to_owned(),
            line2: address.line2.as_ref().map(|line| line.as_str().to_owned()),
            city: address.city.as_str().to_owned(),
            state: address.state,
            pincode: address.pincode.clone(),
        },
        invoice_prefix: vendor.invoice_prefix.clone(),
        commission_bp: vendor.commission_bp,
        payout_account: vendor.payout_account.map(|account| contracts::vendor::PayoutAccount {
            state: account_state(account.state),
            payable_from: account.payable_from,
        }),
        since: vendor.since,
    });
}

/// An account took the place of another one.
pub fn account_changed(tx: &mut Tx, vendor: &Vendor) {
    let Some(account) = vendor.payout_account else { return };
    let (vendor_id, owner, changed_at) = (vendor.id, vendor.owner, tx.now());
    let payable_from = account.payable_from;
    tx.emit(&PayoutAccountChanged { vendor_id, owner, changed_at, payable_from });
}

pub fn submitted(tx: &mut Tx, vendor: &Vendor, documents: &[Document]) {
    let documents = documents.iter().map(|document| KycDocument {
        document_id: document.id,
        kind: document.kind.into_str().to_owned(),
        content_type: document.file.media.into_str().to_owned(),
        sha256: document.file.sha256.as_str().to_owned(),
    });
    let submitted_at = tx.now();
    tx.emit(&KycSubmitted { vendor_id: vendor.id, documents: documents.collect(), submitted_at });
}

fn scheme(scheme: Scheme) -> TaxScheme {
    match scheme {
        Scheme::Regular => TaxScheme::Regular,
        Scheme::Composition => TaxScheme::Composition,
        Scheme::Enrolled => TaxScheme::Enrolled,
    }
}

fn account_state(state: PayoutAccountState) -> State {
    match state {
        PayoutAccountState::Pending => State::Pending,
        PayoutAccountState::Registered => State::Registered,
        PayoutAccountState::Refused => State::Refused,
    }
}

fn status(status: &SellerStatus) -> VendorStatus {
    match status {
        SellerStatus::Draft => VendorStatus::Draft,
        SellerStatus::Submitted => VendorStatus::Submitted,
        SellerStatus::Approved => VendorStatus::Approved,
        SellerStatus::Rejected { .. } => VendorStatus::Rejected,
        SellerStatus::Suspended { .. } => VendorStatus::Suspended,
    }
}
