"""Final Draft's XML: its paragraphs, and nothing of what stands beside them."""

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.final_draft import read_fdx

SCRIPT = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="5">
  <Content>
    <Paragraph Type="Scene Heading"><SceneProperties Length="1/8" Page="1" Title="x">
      <Summary><Paragraph><Text>Not filmed.</Text></Paragraph></Summary></SceneProperties>
      <Text>INT. KITCHEN - NIGHT</Text></Paragraph>
    <Paragraph Type="Action"><Text>A door </Text><Text Style="Bold">opens &amp; closes</Text>
      <Text>.</Text>
      <ScriptNote ID="1"><Paragraph><Text>Squeaking?</Text></Paragraph></ScriptNote></Paragraph>
    <Paragraph><DualDialogue>
      <Paragraph Type="Character"><Text>ANNA</Text></Paragraph>
      <Paragraph Type="Parenthetical"><Text>(low)</Text></Paragraph>
      <Paragraph Type="Dialogue"><Text>Who is there?</Text></Paragraph>
      <Paragraph Type="Character"><Text>BEN</Text></Paragraph>
      <Paragraph Type="Dialogue"><Text>Me.</Text></Paragraph>
    </DualDialogue></Paragraph>
    <Paragraph Type="Transition"><Text>DISSOLVE TO:</Text></Paragraph>
    <Paragraph Type="Shot"><Text>CLOSE ON THE HANDLE</Text></Paragraph>
    <Paragraph Type="Cast List"><Text>Anna, Ben</Text></Paragraph>
    <Paragraph Type="Action"><Text> </Text></Paragraph>
    <Paragraph Type="Scene Heading"><Text>EXT. 東京 - DAY</Text></Paragraph>
  </Content>
  <TitlePage><Content><Paragraph><Text></Text></Paragraph>
    <Paragraph Alignment="Center"><Text>Open House</Text></Paragraph></Content></TitlePage>
</FinalDraft>
"""


def test_a_whole_script():
    for raw in (SCRIPT.encode(), SCRIPT.replace("UTF-8", "UTF-16").encode("utf-16")):
        found = read_fdx(raw, Choices(), ())
        assert found.board.own_title == "Open House"
        assert [(s.prompt, s.notes, s.transition) for s in found.board.shots] == [
            (
                "INT. KITCHEN - NIGHT.\nA door opens & closes.",
                "Note: Squeaking?\nANNA: (low) Who is there?\nBEN: Me.",
                "crossfade",
            ),
            ("INT. KITCHEN - NIGHT.\nCLOSE ON THE HANDLE", "", "cut"),
            ("EXT. 東京 - DAY.", "", "cut"),
        ]
        assert "Left out: 1 sections, synopses" in " ".join(found.board.remarks)


def test_problems_name_their_paragraph():
    broken = SCRIPT.replace("CLOSE ON THE HANDLE", "CLOSE &lt;b&gt;")
    (problem,) = read_fdx(broken.encode(), Choices(), ()).problems
    assert problem.where == "Paragraph 5"
