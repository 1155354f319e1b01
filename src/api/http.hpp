// HTTP in front of the operation table: what Shop::handle() does.
#pragma once

#include "resys/api.hpp"

namespace resys::api {

HttpResponse handle(Shop& shop, const Caller& caller, const HttpRequest& request);

}  // namespace resys::api
