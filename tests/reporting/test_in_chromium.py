"""The pages in a real browser: nothing is wider than the window, and every text can be read."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from grader.reporting.html import pages
from grader.results import ClassResult
from tests.reporting.test_clusters import wrong
from tests.reporting.test_reports import results, submission, unreadable

pytestmark = pytest.mark.browser

# Asks the page, in a frame of the given width, how wide it is and how strong its contrasts are.
PROBE = """
<!doctype html><body><iframe width="{width}" height="900" srcdoc="{page}"></iframe><script>
addEventListener("load", () => {{
  const frame = document.querySelector("iframe").contentDocument;
  const luminance = c => c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {{
    for (; e; e = e.parentElement) {{
      const c = getComputedStyle(e).backgroundColor;
      if (!/, 0\\)$/.test(c)) return c;
    }}
    return "rgb(255, 255, 255)";
  }};
  let weakest = 21;
  for (const e of frame.querySelectorAll("main *")) {{
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [getComputedStyle(e).color, ground(e)].map(luminance).sort((x, y) => y - x);
    weakest = Math.min(weakest, (a + 0.05) / (b + 0.05));
  }}
  document.body.textContent = `width ${{frame.documentElement.scrollWidth}} contrast ${{weakest}}`;
}});
</script>
"""


def measure(page: Path, width: int, *, dark: bool, tmp_path: Path) -> tuple[int, float]:
    """Return the width that the page takes in a window, and its weakest contrast."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "these tests need Chromium (on Debian: apt-get install chromium)"
    html = page.read_text().replace("&", "&amp;").replace('"', "&quot;")
    probe = tmp_path / "probe.html"
    probe.write_text(PROBE.format(width=width, page=html))
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"]
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [chromium, *options, *quiet, *scheme, profile, "--dump-dom", probe.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found = re.search(r"width (\d+) contrast ([\d.]+)", dom)
    assert found, dom
    return int(found[1]), float(found[2])


LONG = "An `" + "unbroken_" * 30 + "` name, and " + "many words " * 40
CLUSTERS = [
    *(wrong(f"{'s' * 40}{n}", "b1", snippet=f"def f():\n    return {LONG}") for n in range(40)),
    *(wrong(f"k{n}", "b2", LONG) for n in range(3)),
    wrong("alone", "b3"),
    wrong("following", "b4", suspects=("g", "h" * 50)),
]
CLASS: ClassResult = results(
    submission("a" * 90, LONG), submission(), unreadable("b", LONG), *CLUSTERS
)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_pages_fit_and_can_be_read(width: int, dark: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """No page is wider than the window; every text has the contrast that WCAG AA asks for."""
    index, *students = pages.write(CLASS, tmp_path / "reports")
    index.write_text(index.read_text().replace("<details>", "<details open>"))
    for page in (index, *students[:3]):
        taken, contrast = measure(page, width, dark=dark, tmp_path=tmp_path)
        assert taken <= width, page.name
        assert contrast >= 4.5, page.name
