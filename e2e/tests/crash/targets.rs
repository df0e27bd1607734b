//! Whoever may be killed: the twelve services, the servers they need, and the world outside.

use crate::kill_test::{object_store_survives, survives};

#[tokio::test]
async fn a_journey_survives_the_death_of_user_service() {
    survives("user").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_vendor_service() {
    survives("vendor").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_product_service() {
    survives("product").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_cart_service() {
    survives("cart").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_order_service() {
    survives("order").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_payment_service() {
    survives("payment").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_invoice_service() {
    survives("invoice").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_email_service() {
    survives("email").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_rating_service() {
    survives("rating").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_admin_service() {
    survives("admin").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_analytics_service() {
    survives("analytics").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_search_service() {
    survives("search").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_kafka() {
    survives("kafka").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_postgres() {
    survives("postgres").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_redis() {
    survives("redis").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_the_object_store() {
    object_store_survives().await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_the_mail_server() {
    survives("mail").await;
}

#[tokio::test]
async fn a_journey_survives_the_death_of_the_payment_provider() {
    survives("sandbox").await;
}
