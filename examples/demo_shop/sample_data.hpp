// The sample catalogue, and how an empty database is filled with it.
#pragma once

#include "resys/shop.hpp"

namespace demo {

// Fills the database if it is empty, or if an earlier filling was interrupted. Changes nothing
// otherwise: what staff have changed stays.
resys::Result<void> seed(resys::Shop& shop);

}  // namespace demo
