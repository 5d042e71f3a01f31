namespace MbpoML.Architecture.Tests;

public class RoomTests
{
    // From the ground up: a room knows those before it. The root, last, is the door.
    private static readonly string[] _order =
    [
        "Numerics", "Components", "Theory", "Saving", "Environments", "Data", "Acting", "Dynamics", "Imagination", "Policies", "Planning",
        "Evaluation", "Training",
        "Algorithms", "Catalog", "",
    ];

    [Test]
    public void A_room_knows_only_the_rooms_below_it() =>
        Assert.That(FolderRules.AgainstTheFlow(Built.Graph("MbpoML").Edges, "MbpoML", _order), Is.Empty);

    [Test]
    public void Every_room_has_its_place_in_the_order() =>
        Assert.That(
            // Folders without code are what an older state of the tree left behind.
            Sources.Of("src/MbpoML").Select(file => file.Split('/')).Select(parts => parts.Length > 3 ? parts[2] : "").Distinct(),
            Is.EquivalentTo(_order),
            "a new folder of src/MbpoML gets its place in this test and in docs/contributing.md");

    [Test]
    public void The_page_for_contributors_tells_the_order()
    {
        var page = File.ReadAllText(Repository.At("docs", "contributing.md"));
        Assert.That(page, Does.Contain(string.Join(" <- ", _order.SkipLast(1))));
    }

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Dashboard")]
    [TestCase("MbpoML.Orleans")]
    [TestCase("MbpoML.Datasets")]
    [TestCase("MbpoML.Tool")]
    public void No_two_folders_know_each_other(string package)
    {
        var edges = Built.Graph(package).Edges;
        Assert.Multiple(() =>
        {
            Assert.That(edges, Is.Not.Empty, "what was read");
            Assert.That(FolderRules.Cycles(edges, package), Is.Empty);
        });
    }

    // A constant of another type leaves no trace in the built assembly: the sources tell. References in comments may go up.
    [Test]
    public void No_source_file_names_a_type_of_a_room_above_its_own()
    {
        var types = Built.Graph("MbpoML").Types;
        Assert.That(Sources.Of("src/MbpoML").SelectMany(file => Above(file, File.ReadAllText(Repository.At(file)), types)), Is.Empty);
    }

    [TestCase("src/MbpoML/Data/A.cs", "using MbpoML.Training;\nclass A { int B = Limits.Most; }", 1)]
    [TestCase("src/MbpoML/Data/A.cs", "using MbpoML.Training.Inner;\nclass A { int B = Deep.Most; }", 1)]
    [TestCase("src/MbpoML/Data/A.cs", "using static MbpoML.Training.Limits;\nclass A { int B = Most; }", 1)]
    [TestCase("src/MbpoML/Data/A.cs", "using MbpoML.Training;\n// Limits say so.\nclass A;", 0)]
    [TestCase("src/MbpoML/Training/Inner/A.cs", "using MbpoML.Training;\nclass A { int B = Limits.Most; }", 0)]
    [TestCase("src/MbpoML/Algorithms/A.cs", "using MbpoML.Training;\nclass A { int B = Limits.Most; }", 0)]
    [TestCase("src/MbpoML/A.cs", "using MbpoML.Training;\nclass A { int B = Limits.Most; }", 0)]
    public void A_type_of_a_room_above_is_found_in_code_alone(string file, string text, int found) =>
        Assert.That(Above(file, text, ["MbpoML.Training.Limits", "MbpoML.Training.Inner.Deep"]).Count(), Is.EqualTo(found));

    [TestCase("src/MbpoML")]
    [TestCase("src/MbpoML.Mujoco")]
    [TestCase("src/MbpoML.Plotting")]
    [TestCase("src/MbpoML.Experiments")]
    [TestCase("src/MbpoML.Dashboard")]
    [TestCase("src/MbpoML.Orleans")]
    [TestCase("src/MbpoML.Datasets")]
    [TestCase("src/MbpoML.Tool")]
    public void The_namespace_of_a_file_is_its_folder(string project) =>
        Assert.That(
            Sources.Of(project).Select(file => (File: file, Namespace: Sources.NamespaceOf(File.ReadAllText(Repository.At(file)))))
                .Where(file => file.Namespace.Length > 0 && file.Namespace != Sources.NamespaceByFolder(file.File)),
            Is.Empty);

    [Test]
    public void A_namespace_is_read_from_the_text_and_from_the_folder() =>
        Assert.Multiple(() =>
        {
            Assert.That(Sources.NamespaceOf("using A;\n\nnamespace MbpoML.Data.Replay;\nclass B;"), Is.EqualTo("MbpoML.Data.Replay"));
            Assert.That(Sources.NamespaceByFolder("src/MbpoML/Data/Replay/B.cs"), Is.EqualTo("MbpoML.Data.Replay"));
            Assert.That(Sources.NamespaceByFolder("src/MbpoML/B.cs"), Is.EqualTo("MbpoML"));
        });

    private static IEnumerable<string> Above(string file, string text, IEnumerable<string> types) =>
        Sources.Named(text, types.Where(type => Place(type) > Place(Sources.NamespaceByFolder(file) + ".Any"))).Select(type => $"{file}: {type}");

    // Generated types have other namespaces and no place.
    private static int Place(string type) =>
        type.StartsWith("MbpoML.", StringComparison.Ordinal) ? Array.IndexOf(_order, FolderRules.RoomOf(FolderRules.FolderOf(type, "MbpoML"))) : -1;
}
