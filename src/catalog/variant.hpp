// The variant that a request names by its SKU, and by its id where several have that SKU.
#pragma once

#include <string_view>

#include "catalog/rows.hpp"
#include "resys/result.hpp"

namespace resys::app {

// `Request` has a `sku` and a `variant_id`. not_found if there is none.
template <class Request>
Result<VariantId> require_variant(const Scope& scope, const Request& request) {
  const auto variant = rows::find_variant(scope, {request.sku, request.variant_id});
  if (variant) return *variant;
  return Error(Errc::not_found, "there is no such SKU").at("sku").with("sku", request.sku);
}

}  // namespace resys::app
