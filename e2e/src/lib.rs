//! The journey, black box, against a running mall. `make test` starts one; the tests find it by `MALL_*`.
