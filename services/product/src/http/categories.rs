//! The tree of categories.

use axum::extract::State;
use chassis::{Json, Problem};
use kernel::CategorySlug;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::store;
use crate::store::categories::Category;

/// A category and those below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryView {
    /// Its name in paths and queries.
    slug: CategorySlug,
    name: String,
    /// The categories below it; products stand in those that have none.
    #[schema(no_recursion)]
    children: Vec<CategoryView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryTree {
    /// The categories on top.
    items: Vec<CategoryView>,
}

/// Shows all categories as a tree.
#[utoipa::path(
    get, path = "/v1/categories", operation_id = "listCategories", tag = "product",
    responses((status = 200, body = CategoryTree)),
)]
pub async fn tree(State(app): State<App>) -> Result<Json<CategoryTree>, Problem> {
    let all = store::categories::list(&mut *app.db.read().await?).await?;
    Ok(Json(CategoryTree { items: below(None, &all) }))
}

fn below(parent: Option<&CategorySlug>, all: &[Category]) -> Vec<CategoryView> {
    let children = all.iter().filter(|category| category.parent.as_ref() == parent);
    children
        .map(|category| CategoryView {
            slug: category.slug.clone(),
            name: category.name.clone(),
            children: below(Some(&category.slug), all),
        })
        .collect()
}
