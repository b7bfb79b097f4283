"""One birth, from the midwife's desk to the father's phone, through the public APIs alone."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from deploy.local.personas import DISTRICT, REGENCY, VILLAGE
from deploy.story import case as cases
from deploy.story.case import Json
from deploy.story.couple import Couple, find_couple
from deploy.story.desk import Desk, Town, Unexpected, until
from deploy.story.papers import photograph
from deploy.story.screen import Screen
from deploy.story.seals import is_sealed, poppler_says
from shared import clock

CERTIFICATES = "AKL_0_18"
MALL = "SP-3510-001"
WOMAN = 40  # added to the day of birth
UNPROCESSABLE, CONFLICT = 422, 409
TITLES = {"AKTA_LAHIR": "birth certificate", "KK": "family card", "KIA": "child card"}


@dataclass
class Told:
    """What came out of the story, for whoever wants to check it."""

    missing_at_first: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    case_id: str = ""
    number: str = ""
    effects: list[str] = field(default_factory=list)
    state: str = ""
    nik: str = ""
    family_before: int = 0
    family_after: int = 0
    sealed: dict[str, bool] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    verdict: str = ""
    page_status: int = 0
    coverage_before: tuple[int, int] = (0, 0)
    coverage_after: tuple[int, int] = (0, 0)
    recognised_by: list[str] = field(default_factory=list)


@dataclass
class Birth:
    """The story as it is told: who takes part, and what is known so far."""

    town: Town
    screen: Screen
    root: Path  # certificate that a seal must lead to
    today: date = field(default_factory=clock.today)
    sex: str = field(default_factory=lambda: secrets.choice("LP"))
    phone: str = field(default_factory=lambda: f"+62812{secrets.randbelow(10**8):08}")
    told: Told = field(default_factory=Told)

    def tell(self) -> Told:
        """Play it from the beginning to the end.

        Raises:
            Unexpected: a service did not answer as it should.
        """
        operator, couple = self.choose()
        self.coverage_before()
        midwife = self.town.desk("faskes")
        self.file(midwife, couple)
        self.check(operator)
        self.verify()
        self.approve()
        self.sign()
        father = self.town.desk("warga", resident_id=couple.father.id)
        self.wait_until_ready(midwife)
        self.explain_number(father, couple)
        document = self.open_documents(father)
        self.read_messages(father)
        self.scan(document)
        self.coverage_after(couple)
        self.file_again(couple)
        return self.told

    def choose(self) -> tuple[Desk, Couple]:
        """Look for a couple in the list of a village, then of the next one."""
        anybody = self.town.desk("op-desa")
        regions = anybody.get("registry", "/v1/regions", parent=DISTRICT, limit=100)["items"]
        for region in sorted(regions, key=lambda each: bool(each["code"] != VILLAGE)):
            operator = self.town.desk("op-desa", areas=region["code"])
            if couple := find_couple(operator, region["code"], self.today):
                self._introduce(couple, region["name"])
                return operator, couple
        raise Unexpected(f"No couple in {DISTRICT} can have a child today: seed more RESIDENTS.")

    def _introduce(self, couple: Couple, village: str) -> None:
        self.screen.step("The village operator", f"opens the list of {village}")
        self.told.family_before = couple.members
        self.screen.say(
            f"{couple.father.name} and {couple.mother.name}, {couple.children} children so far, "
            "expect a child. Numbers are masked for the operator; each reading is logged."
        )

    def coverage_before(self) -> None:
        """Note how many children have a birth certificate."""
        self.screen.step("The regent", "looks at birth certificates, ages 0 to 18")
        self.told.coverage_before = self._coverage()
        self._show_coverage(self.told.coverage_before)

    def _coverage(self) -> tuple[int, int]:
        regent = self.town.desk("bupati")
        found = regent.get("registry", "/v1/coverage", area=REGENCY, indicator=CERTIFICATES)
        figure = found["figures"][0]
        return int(figure["num"] or 0), int(figure["den"] or 0)

    def _show_coverage(self, counted: tuple[int, int]) -> None:
        reached, everybody = counted
        share = 100 * reached / everybody if everybody else 0
        self.screen.say(f"{reached:,} of {everybody:,} children: {share:.3f} %")

    def file(self, midwife: Desk, couple: Couple) -> None:
        """File the birth with the letter left out, see what is missing, complete it."""
        fact = cases.birth(couple, self.sex, self.today)
        self.screen.step(
            "The midwife", f"files the birth of {fact['child']['full_name']} before discharge"
        )
        body = cases.application(couple, fact, "FASKES", self.phone, None)
        case = midwife.post("requests", "/v1/cases", body)
        self.told.case_id, self.told.number = case["id"], case["number"]
        self.screen.say(f"Case {case['number']}; everything that is missing, at once:")
        self._show_missing(case)
        for code in ("MARRIAGE_PROOF", "KK_COPY"):
            cases.upload(midwife, case["id"], code, photograph(*cases.PAPERS[code]))
        self._submit_too_early(midwife, case)
        self.screen.step("The midwife", "adds a photograph of the birth letter and submits")
        letter = photograph(*cases.PAPERS["BIRTH_LETTER"], fact["child"]["full_name"])
        cases.upload(midwife, case["id"], "BIRTH_LETTER", letter)
        submitted = self._submit(midwife, case["id"])
        self.screen.good(f"{submitted['state']}; the registry is asked what it would do")

    def _show_missing(self, case: Json) -> None:
        self.told.missing_at_first = [str(each["message"]) for each in case["missing"]]
        for message in self.told.missing_at_first:
            self.screen.bad(message)

    def _submit(self, desk: Desk, case_id: str) -> Json:
        version = cases.read(desk, case_id)["version"]
        submitted: Json = desk.post("requests", f"/v1/cases/{case_id}/submit", {}, version=version)
        return submitted

    def _submit_too_early(self, midwife: Desk, case: Json) -> None:
        self.screen.step("The midwife", "forgets the birth letter and submits")
        version = cases.read(midwife, case["id"])["version"]
        path = f"/v1/cases/{case['id']}/submit"
        answer = midwife.ask(
            "POST", "requests", path, json={}, version=version, expect=(UNPROCESSABLE, CONFLICT)
        )
        problem = answer.json()
        self.told.missing = [str(each["message"]) for each in problem["errors"]]
        self.screen.say(f"{answer.status_code} {problem['title']}")
        for message in self.told.missing:
            self.screen.bad(message)

    def check(self, operator: Desk) -> None:
        """Let the village look at identity, scans and address."""
        self.screen.step("The village operator", "checks scans and address")
        case = cases.when_allowed(operator, self.told.case_id, "intake_check")
        moved = cases.act(operator, case, "intake_check")
        self.screen.good(f"{moved['state']}; answer due {moved['clocks']['due_at'] or 'soon'}")

    def verify(self) -> None:
        """Let the agency see the consequences and verify."""
        verifier = self.town.desk("verifikator")
        self.screen.step("The verifier", "sees what would happen, and verifies")
        case = cases.when_allowed(verifier, self.told.case_id, "verify")
        plan = case["plan"]["plan"]
        self.told.effects = [str(each["effect"]) for each in plan["effects"]]
        self.screen.rows((each["effect"], each["text_en"]) for each in plan["effects"])
        for each in plan["warnings"]:
            self.screen.bad(f"{each['rule']}: {each['text_en']}")
        moved = cases.act(verifier, case, "verify")
        self.screen.good(f"{moved['state']}; whoever signs, signs exactly this")

    def approve(self) -> None:
        """Let the civil registrar approve."""
        registrar = self.town.desk("pps")
        self.screen.step("The civil registrar", "registers the birth")
        case = cases.when_allowed(registrar, self.told.case_id, "approve")
        self.screen.good(cases.act(registrar, case, "approve")["state"])

    def sign(self) -> None:
        """Let the head of agency sign in bulk."""
        head = self.town.desk("kadis")
        self.screen.step("The head of the agency", "signs everything that waits, in bulk")
        cases.when_allowed(head, self.told.case_id, "sign")
        waiting = head.get("requests", "/v1/cases", state="APPROVED", limit=100)["items"]
        refs = [{"id": each["id"], "version": each["version"]} for each in waiting]
        body = {"action": "sign", "cases": refs}
        answer = head.post("requests", "/v1/decisions", body)
        self.screen.good(f"{answer['done']} signed, {answer['refused']} refused")
        ours = next(each for each in answer["results"] if each["id"] == self.told.case_id)
        if not ours["ok"]:
            raise Unexpected("The head's signature was refused.")

    def wait_until_ready(self, desk: Desk) -> None:
        """Wait for the registry to apply the change and for every document to be sealed."""
        self.screen.step("The registry", "applies it in one transaction; the sealer seals")

        def look() -> str | None:
            state = str(cases.read(desk, self.told.case_id)["state"])
            return state if state == "READY" else None

        self.told.state = until("READY", look)
        self.screen.good(f"Case {self.told.number} is {self.told.state}")

    def explain_number(self, father: Desk, couple: Couple) -> None:
        """Read the family as the father, and take the child's NIK apart."""
        self.screen.step(couple.father.name, "reads his family card")
        family = father.get("registry", f"/v1/families/{couple.family_id}")
        self.told.family_after = len(family["members"])
        self.screen.rows(
            (str(each["position"]), each["nik"], each["full_name"], each["birth_date"])
            for each in family["members"]
        )
        name = couple.child_name(self.sex).upper()
        child = next(each for each in family["members"] if each["full_name"].upper() == name)
        self.told.nik = str(child["nik"])
        self.screen.say(f"The new NIK {self.told.nik}, digit group by digit group:")
        self.screen.rows(explained(self.told.nik, date.fromisoformat(child["birth_date"])))

    def open_documents(self, father: Desk) -> Json:
        """Fetch each PDF and check its seal; return what is known of the birth certificate."""
        self.screen.step("The father", "opens the sealed documents")
        listed = cases.read(father, self.told.case_id)["documents"]
        found = {}
        for each in listed:
            path = f"/v1/documents/{each['document_id']}"
            about = father.get("registry", path)
            pdf = father.ask("GET", "registry", f"{path}/file").content
            self.told.sealed[about["kind"]] = is_sealed(pdf, self.root)
            verdict = poppler_says(pdf)
            also = f"; pdfsig: {verdict.strip('- ')}" if verdict else ""
            title = TITLES.get(about["kind"], about["kind"])
            sealed = "sealed, whole, trusted" if self.told.sealed[about["kind"]] else "NOT SEALED"
            self.screen.good(f"{title}: {len(pdf) / 1000:.0f} kB, {sealed}{also}")
            found[about["kind"]] = about
        certificate: Json = found["AKTA_LAHIR"]
        return certificate

    def read_messages(self, father: Desk) -> None:
        """Show what the father was told; at night messages wait, and the head may release them."""
        self.screen.step("The father", "looks at his WhatsApp")
        wanted = ("case_submitted", "case_ready")

        def look() -> list[Json] | None:
            page = father.get("notify", "/v1/messages", case_id=self.told.case_id)
            items: list[Json] = page["items"]
            have = {each["template"] for each in items}
            return items if have.issuperset(wanted) else None

        messages = until("The messages to the father", look)
        self._release(messages)
        count = len([each for each in messages if each["channel"] == "WHATSAPP"])

        def delivered() -> list[str] | None:
            texts = self.town.received(self.phone)
            return texts if len(texts) >= count else None

        self.told.messages = until("The delivery of the messages", delivered)
        for text in self.told.messages:
            self.screen.say(f'"{text}"')

    def _release(self, messages: list[Json]) -> None:
        waiting = [each for each in messages if each["state"] == "QUEUED"]
        now = clock.now().isoformat()
        night = [each for each in waiting if each["due_at"][:16] > now[:16]]
        if not night:
            return
        self.screen.say("It is night: messages wait for 07:00 WIB. The head of the agency releases")
        self.screen.say("these, with a reason that is kept.")
        head = self.town.desk("kadis")
        for each in night:
            path = f"/v1/messages/{each['id']}/release"
            head.ask(
                "POST",
                "notify",
                path,
                json={"reason": "Keluarga menunggu hasilnya malam ini"},
                expect=(200, CONFLICT),
            )

    def scan(self, document: Json) -> None:
        """Scan the QR code as a stranger would: with a program, and with a phone."""
        self.screen.step("A stranger", "scans the QR code of the certificate")
        url = str(document["verification_url"])
        answer = self.town.open_page(url, "application/json").json()
        self.told.verdict = str(answer["verdict"])
        self.screen.rows(
            (key, str(answer[key])) for key in ("verdict", "title_en", "number", "name")
        )
        page = self.town.open_page(url, "text/html")
        self.told.page_status = page.status_code
        kind = page.headers["content-type"].partition(";")[0]
        self.screen.say(f"As a page: {page.status_code} {kind}, {len(page.content)} bytes")

    def coverage_after(self, couple: Couple) -> None:
        """See the figure move: one more child, and it has its certificate."""
        self.screen.step("The regent", "looks again")

        def look() -> tuple[int, int] | None:
            counted = self._coverage()
            return counted if counted != self.told.coverage_before else None

        self.told.coverage_after = until(f"The figure of {couple.village}", look)
        self._show_coverage(self.told.coverage_before)
        self._show_coverage(self.told.coverage_after)

    def file_again(self, couple: Couple) -> None:
        """File the same birth at another counter; it is recognised."""
        self.screen.step("The grandmother", "files the same birth at the mall, to be sure")
        clerk = self.town.desk("op-gerai")
        fact = cases.birth(couple, self.sex, self.today)
        body = cases.application(couple, fact, "MPP", self.phone, MALL)
        body["applicant"]["consents_to_whatsapp"] = False
        case = clerk.post("requests", "/v1/cases", body)
        for code, words in cases.PAPERS.items():
            cases.upload(clerk, case["id"], code, photograph(*words))
        self._submit_again(clerk, case["id"])
        self._refused(clerk, case["id"])
        self.screen.good(f"Recognised: {', '.join(self.told.recognised_by)}; nothing is doubled")

    def _submit_again(self, clerk: Desk, case_id: str) -> None:
        """Be told of the other case; then insist, as a clerk may who gives a reason."""
        path = f"/v1/cases/{case_id}/submit"
        version = cases.read(clerk, case_id)["version"]
        answer = clerk.ask("POST", "requests", path, json={}, version=version, expect=(CONFLICT,))
        problem = answer.json()
        self.told.recognised_by.append(str(problem["type"]).rpartition("/")[2])
        self.screen.bad(f"{answer.status_code} {problem['title']}")
        self.screen.say("The clerk insists that it is another birth; so the registry is asked:")
        said = {"different": True, "reason": "Keluarga menyatakan kelahiran lain"}
        clerk.post("requests", path, said, version=version)

    def _refused(self, clerk: Desk, case_id: str) -> None:
        verifier = self.town.desk("verifikator")

        def look() -> list[Json] | None:
            plan = cases.read(verifier, case_id)["plan"]
            return (plan and plan["plan"]["refusals"]) or None

        for each in until("The registry's answer about the second filing", look):
            self.told.recognised_by.append(str(each["rule"]))
            self.screen.bad(f"{each['rule']}: {each['text_en']}")
        cases.act(clerk, cases.read(clerk, case_id), "cancel", note="Sudah terdaftar")


def explained(nik: str, born: date) -> list[tuple[str, ...]]:
    """Return the parts of a NIK with what each says."""
    woman = int(nik[6:8]) > WOMAN
    day = f"born on {born:%d-%m-%Y}" + (", the day plus 40 for a girl" if woman else "")
    return [
        (nik[:2], "province (35 = Jawa Timur)"),
        (nik[2:4], "regency (10 = Banyuwangi)"),
        (nik[4:6], "district of the first registration"),
        (nik[6:12], day),
        (nik[12:], "serial number of that day and district; no check digit, never changed again"),
    ]
