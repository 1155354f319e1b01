// Stock as staff see it.
#pragma once

#include "inventory/rows.hpp"

namespace resys::app {

Stock view_stock(const rows::VariantStock& found);

}  // namespace resys::app
