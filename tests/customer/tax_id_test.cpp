// Tax ids: their forms, and their check digits. tax_id_test.py holds many more against
// python-stdnum.
#include "customer/tax_id.hpp"

#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;
using domain::tax_id;

namespace {

struct Pair {
  const char* right;
  const char* wrong;  // the same with another check digit; null where the form has none
};

const Pair kPairs[] = {
    {"ATU13585627", "ATU13585620"},
    {"ATU38289400", "ATU38289401"},
    {"BE0403170701", "BE0403170700"},
    {"BE1000000021", "BE1000000020"},
    {"BG175074752", "BG175074750"},
    {"BG7111042925", "BG7111042921"},
    {"BG7523169263", "BG7523169260"},
    {"BG7552010005", "BG7552010000"},
    {"CHE107787577", "CHE107787570"},
    {"CHE107787577IVA", "CHE107787570IVA"},
    {"CHE123456788MWST", "CHE123456780MWST"},
    {"CHE123456788TPV", "CHE123456780TPV"},
    {"CHE123456788TVA", "CHE123456780TVA"},
    {"CY00532445O", "CY00532445A"},
    {"CY10259033P", "CY10259033A"},
    {"CZ25123891", "CZ25123890"},
    {"CZ520903325", nullptr},
    {"CZ640903926", "CZ640903920"},
    {"CZ7103192745", "CZ7103192740"},
    {"DE136695976", "DE136695970"},
    {"DK13585628", "DK13585620"},
    {"EE100594102", "EE100594100"},
    {"EL094259216", "EL094259210"},
    {"ES54362315K", "ES54362315A"},
    {"ESA13585625", "ESA13585620"},
    {"ESB58378431", "ESB58378430"},
    {"ESK1234567L", "ESK1234567A"},
    {"ESP1234567D", "ESP1234567A"},
    {"ESX5253868R", "ESX5253868A"},
    {"FI20774740", "FI20774741"},
    {"FR23334175221", "FR23334175220"},
    {"FR40303265045", "FR40303265040"},
    {"FR53000004605", "FR53000004600"},
    {"FRK7399859412", "FRK7399859410"},
    {"GB434031494", "GB434031490"},
    {"GB980780684", "GB980780680"},
    {"GB980780684001", "GB980780680001"},
    {"GBGD001", nullptr},
    {"GBHA599", nullptr},
    {"HR33392005961", "HR33392005960"},
    {"HU12892312", "HU12892310"},
    {"IE1234567TW", "IE1234567TA"},
    {"IE3628739UA", "IE3628739UB"},
    {"IE6433435F", "IE6433435A"},
    {"IE6433435OA", "IE6433435OB"},
    {"IE8D79739I", "IE8D79739A"},
    {"IT00743110157", "IT00743110150"},
    {"LT100001919017", "LT100001919010"},
    {"LT100004801610", "LT100004801611"},
    {"LT119511515", "LT119511510"},
    {"LU15027442", "LU15027440"},
    {"LV16117519997", "LV16117519990"},
    {"LV32867300679", nullptr},
    {"LV40003521600", "LV40003521601"},
    {"MT11679112", "MT11679110"},
    {"NL000099998B57", "NL000099998B50"},
    {"NL002455799B11", "NL002455799B10"},
    {"NL004495445B01", "NL004495445B00"},
    {"NL123456782B90", "NL123456782B00"},
    {"NO988077917", "NO988077910"},
    {"NO995525828MVA", "NO995525820MVA"},
    {"PL8567346215", "PL8567346210"},
    {"PT501964843", "PT501964840"},
    {"RO1630615123457", "RO1630615123450"},
    {"RO18547290", "RO18547291"},
    {"RO19", "RO10"},
    {"SE123456789701", "SE123456789700"},
    {"SE556188840402", "SE556188840400"},
    {"SI50223054", "SI50223050"},
    {"SK2022749619", "SK2022749610"},
    {"XI434031494", "XI434031490"},
};

std::string fault(std::string_view text) {
  return std::string(refusal(tax_id(text), Errc::invalid_request, "taxId").message());
}

}  // namespace

TEST_CASE("a tax id has its country's check digits") {
  for (const auto& [right, wrong] : kPairs) {
    CAPTURE(right);
    CHECK(tax_id(right).value() == right);
    if (wrong != nullptr) CHECK(fault(wrong) == "the tax id has wrong check digits");
  }
}

TEST_CASE("a tax id may be typed in any case, with what separates its parts") {
  CHECK(tax_id("de 136.695-976").value() == "DE136695976");
  CHECK(tax_id("CHE-123.456.788 MWST").value() == "CHE123456788MWST");
  CHECK(tax_id(" no 995 525 828 mva ").value() == "NO995525828MVA");
  CHECK(tax_id("CZ 710319/2745").value() == "CZ7103192745");
  CHECK(tax_id("gr094259216").value() == "EL094259216");
  CHECK(tax_id("XI 434 0314 94").value() == "XI434031494");
  CHECK(tax_id("RO19").value() == "RO19");
}

TEST_CASE("what is wrong with a tax id is said") {
  for (const char* text : {"", " ", "D", "136695976", "US136695976", "EU372000041", "\u00C4T"}) {
    CAPTURE(text);
    CHECK(fault(text).starts_with("the tax id does not begin with the letters of a country"));
  }
  for (const char* text : {"DE",
                           "DE13669597",
                           "DE1366959760",
                           "DE036695976",
                           "DE13669597A",
                           "ATX13585627",
                           "ATU1358562",
                           "BE2403170701",
                           "CY12259033P",
                           "ESJ3317995C",
                           "ESI58378431",
                           "FR-23.4",
                           "GBGD500",
                           "GBHA499",
                           "GB43403149",
                           "IE6433435OJ",
                           "LT119511525",
                           "NL004495445C01",
                           "SK2012749619",
                           "CH107787577",
                           "CHE107787577MWS",
                           "NO988077917MV",
                           "RO9",
                           "RO09",
                           "DE13669597\u0666"}) {
    CAPTURE(text);
    CHECK(fault(text) == "the tax id has another length or form than those of its country");
  }
  const auto refused = tax_id("gr094259210");
  CHECK(refusal(refused, Errc::invalid_request, "taxId").fact("country") == "EL");
}

TEST_CASE("parts of a tax id that are no check digits are checked, too") {
  for (const char* text : {"EE000000000", "FI00000000", "HU00000000", "IT00000000000",  // nothing
                           "BG7513169260", "CZ7113322746", "CZ540903325",  // no day, or too late
                           "IT12345678220", "NL004495445B00", "SE556188840400", "GB000000042"}) {
    CAPTURE(text);
    CHECK(fault(text) == "the tax id has wrong check digits");
  }
}
