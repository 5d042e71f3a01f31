using System.Text;
using MbpoML.Tests;

namespace MbpoML.Mujoco.Tests;

/// <summary>
/// Models with which MuJoCo itself would end the process, or not end at all: each is refused by a message that names element, value and what is allowed.
/// </summary>
public class HostileModelTests
{
    private const string Tetrahedron = "vertex=\"0 0 0 1 0 0 0 1 0 0 0 1\"";

    private static readonly string ManyElements = $"<mujoco><worldbody>{string.Concat(Enumerable.Repeat("<geom size=\"1\"/>", 100_001))}</worldbody></mujoco>";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("0 1 99999999 0 1 3 0 2 3 1 2 3", "index 99999999")]
    [TestCase("0 1 -99999999 0 1 3 0 2 3 1 2 3", "index -99999999")]
    [TestCase("0 1 4 0 1 3 0 2 3 1 2 3", "index 4")]
    [TestCase("0 1-7 0 1 3 0 2 3 1 2 3", "index -7")]
    [TestCase("0 1 &#57;9999 0 1 3 0 2 3 1 2 3", "index 99999")]
    public void Faces_of_a_mesh_have_its_vertices(string face, string why) =>
        Refused(With($"<mesh name=\"m\" {Tetrahedron} face=\"{face}\"/>", "<geom type=\"mesh\" mesh=\"m\"/>"), "line 1: <mesh name=\"m\">", why,
            "numbered 0 to 3");

    [Test]
    public void Vertices_that_MuJoCo_does_not_read_do_not_count() =>
        Refused(With("<mesh name=\"m\" vertex=\"0 0 0 1 0 0 0 1 0 0 0 1 x 1 1 1 1 1 1\" face=\"0 1 5\"/>"), "index 5", "0 to 3");

    [Test]
    public void Faces_of_a_skin_have_its_vertices() => Refused(
        With(
            "<skin name=\"s\" vertex=\"0 0 0 1 0 0 0 1 0\" face=\"0 1 3\"><bone body=\"world\" bindpos=\"0 0 0\" bindquat=\"1 0 0 0\" vertid=\"0 1 2\" " +
                "vertweight=\"1 1 1\"/></skin>"),
        "<skin name=\"s\">", "index 3", "numbered 0 to 2");

    [TestCase("<texture name=\"t\" type=\"2d\" builtin=\"checker\" width=\"40000\" height=\"40000\"/>", "width=\"40000\" and height=\"40000\"",
        "at most 268435456")]
    [TestCase("<texture name=\"t\" builtin=\"flat\" width=\"10000\" height=\"1\"/>", "width=\"10000\"", "at most 268435456")]
    [TestCase(
        "<texture name=\"a\" type=\"2d\" builtin=\"flat\" width=\"13000\" height=\"13000\"/><texture name=\"t\" type=\"2d\" builtin=\"flat\" width=\"13000\" " +
            "height=\"13000\"/>", "<texture name=\"t\">", "all textures")]
    [TestCase("<hfield name=\"h\" size=\"1 1 1 1\" nrow=\"65536\" ncol=\"65536\"/>", "nrow=\"65536\" and ncol=\"65536\"", "at most 100000000")]
    [TestCase("<mesh name=\"m\" file=\"ab\"/>", "file=\"ab\"", ".stl")]
    [TestCase("<skin name=\"m\" file=\"ab\"/>", "file=\"ab\"", ".stl")]
    [TestCase("<texture name=\"m\" type=\"2d\" file=\"/ab\"/>", "file=\"/ab\"", ".png")]
    public void Assets_without_bounds_are_refused(string asset, string value, string allowed) => Refused(With(asset), value, allowed);

    [TestCase("<size nuserdata=\"&#57;99999999\"/>", "<size>", "nuserdata=\"999999999\"")]
    [TestCase("<size nkey=\"2000000\"/>", "nkey=\"2000000\"", "at most 10000")]
    [TestCase("<size nuser_geom=\"100000000\"/>", "nuser_geom=\"100000000\"", "at most")]
    [TestCase("<visual><quality shadowsize=\"2000000000\"/></visual>", "<quality>", "at most 65536")]
    [TestCase("<custom><numeric name=\"n\" size=\"2000000000\"/></custom>", "<numeric name=\"n\">", "at most")]
    [TestCase("<sensor><user name=\"u\" dim=\"2000000000\"/></sensor>", "<user name=\"u\">", "dim=\"2000000000\"")]
    [TestCase("<worldbody><body><composite type=\"particle\" count=\"1000 1000 1000\" spacing=\"1\"/></body></worldbody>", "<composite>",
        "made 1000000000 times")]
    public void Sizes_without_bounds_are_refused(string section, string element, string value) => Refused($"<mujoco>{section}</mujoco>", element, value);

    [Test]
    public void More_elements_than_MuJoCo_can_compare_are_refused() => Refused(ManyElements, "100000 elements");

    [Test]
    public void Included_files_are_looked_at_too()
    {
        Write("sizes.xml", "<mujoco>\n<size nuserdata=\"999999999\"/></mujoco>");
        Write("between.xml", "<x><include file=\"sizes.xml\"/></x>");
        Refused("<mujoco><INCLUDE file='between.xml'/></mujoco>", "sizes.xml, line 2: <size>", "nuserdata=\"999999999\"");
        Refused("<mujoco><include file=\"&#115;izes.xml\"/></mujoco>", "nuserdata");
        Write("broken.xml", "<x>\n<y>\n</x>");
        Refused("<mujoco><include file=\"broken.xml\"/></mujoco>", "broken.xml", "line 3", "</x> stands where <y> of line 2 should end");
        Directory.CreateDirectory(_folder["folder.xml"]);
        Refused("<mujoco><include file=\"folder.xml\"/></mujoco>", "does not accept");
    }

    [Test]
    public void Files_that_include_each_other_end()
    {
        Write("a.xml", "<x><include file=\"b.xml\"/></x>");
        Write("b.xml", "<x><include file=\"a.xml\"/></x>");
        Refused("<mujoco><include file=\"a.xml\"/></mujoco>", "already included");
        foreach (var (number, next) in Enumerable.Range(0, 30).Select(number => (number, number + 1)))
            Write($"{number}.xml",
                $"<x>{string.Concat(Enumerable.Repeat("<body>", 40))}<include file=\"{next}.xml\"/>{string.Concat(Enumerable.Repeat("</body>", 40))}</x>");
        Refused("<mujoco><worldbody><include file=\"0.xml\"/></worldbody></mujoco>", "1000 deep");
    }

    [TestCase("<mujoco>\n<size njmax=\"1\" njmax=\"2\"/></mujoco>", "line 2", "njmax twice")]
    [TestCase("<mujoco>\n\n<size njmax=1/></mujoco>", "line 3", "quotes")]
    [TestCase("<mujoco>\n<size njmax=\"1/></mujoco>", "line 2", "does not end")]
    [TestCase("<mujoco><!-- </mujoco>", "line 1", "-->")]
    [TestCase("<mujoco>\n<?xml version=\"1.0\"?></mujoco>", "line 2", "declaration")]
    [TestCase("<mujoco/>text", "line 1", "text")]
    public void What_is_no_XML_is_told_with_its_line(string mjcf, string line, string why) => Refused(mjcf, "does not accept", line, why);

    // What the XML standard forbids and MuJoCo reads all the same.
    [TestCase("<mujoco><!------ a line ------></mujoco>")]
    [TestCase("text <mujoco model=\"a & b < c\"/><mujoco><size nkey=\"999999999\"/></mujoco>")]
    [TestCase("<!DOCTYPE a><mujoco model='&unknown; &#0; &lt;'><![CDATA[ < ]]></mujoco></end> <")]
    [TestCase("\uFEFF<?xml version='1.0' encoding='latin1'?><mujoco model=\"\"/>\n<!-- -->")]
    [TestCase("<mujoco ><option timestep = '0.01'gravity=\"0 0 -1\" ></option ></mujoco >")]
    [TestCase("<mujoco/>\0<size")]
    public void XML_is_read_as_MuJoCo_reads_it(string mjcf) => MujocoModel.FromText(mjcf).Dispose();

    [Test]
    public void Large_but_sound_models_are_accepted()
    {
        using var model = MujocoModel.FromText(With(
            $"<mesh name=\"m\" {Tetrahedron} face=\"0 1 3 0 3 2 0 2 1 1 2 3\"/><texture name=\"t\" type=\"2d\" builtin=\"checker\" width=\"512\" " +
                "height=\"512\"/><hfield name=\"h\" size=\"1 1 1 1\" nrow=\"200\" ncol=\"200\"/>",
            "<geom type=\"mesh\" mesh=\"m\"/><geom type=\"hfield\" hfield=\"h\"/>"));
        Assert.That(model.BodyCount, Is.EqualTo(1));
    }

    [TestCase("twisting")]
    [TestCase("")]
    public void Joints_of_URDF_have_a_known_type(string type) => Refused(
        $"<robot name=\"r\"><link name=\"a\"/><link name=\"b\"/><joint name=\"j\" type=\"{type}\"><parent link=\"a\"/><child link=\"b\"/><limit " +
            "lower=\"-1\" upper=\"1\"/></joint></robot>",
        "<joint name=\"j\">", $"type=\"{type}\"", "revolute");

    private static string With(string assets, string geoms = "") => $"<mujoco><asset>{assets}</asset><worldbody>{geoms}</worldbody></mujoco>";

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text, new UTF8Encoding(false));

    private void Refused(string mjcf, params string[] parts)
    {
        Write("model.xml", mjcf);
        var message = Assert.Throws<MujocoException>(() => MujocoModel.FromFile(_folder["model.xml"]))!.Message;
        Assert.Multiple(() =>
        {
            foreach (var part in parts) Assert.That(message, Does.Contain(part));
        });
    }
}
