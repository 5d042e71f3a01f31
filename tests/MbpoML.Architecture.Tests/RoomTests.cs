namespace MbpoML.Architecture.Tests;

public class RoomTests
{
    // From the ground up: a room knows those before it. The root, last, is the door.
    private static readonly string[] _order =
    [
        "Numerics", "Components", "Theory", "Saving", "Environments", "Data", "Acting", "Dynamics", "Imagination", "Policies", "Evaluation", "Training", "Algorithms", "Catalog", "",
    ];

    private static readonly string[] _noRooms = ["bin", "obj", "buildTransitive"];

    [Test]
    public void A_room_knows_only_the_rooms_below_it() =>
        Assert.That(FolderRules.AgainstTheFlow(Built.Graph("MbpoML").Edges, "MbpoML", _order), Is.Empty);

    [Test]
    public void Every_room_has_its_place_in_the_order() =>
        Assert.That(
            Directory.GetDirectories(Repository.At("src", "MbpoML")).Select(Path.GetFileName).Except(_noRooms).Append(""),
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

    // What the compiler leaves no trace of: a using for the sake of a reference in a comment.
    [Test]
    public void No_source_file_names_a_room_above_its_own()
    {
        var above = Sources.Of("src/MbpoML").SelectMany(file => Sources.Usings(file, "MbpoML").Where(room => Place(room) > Place(Room(file))).Select(room => $"{file}: {room}"));
        Assert.That(above, Is.Empty);

        static string Room(string file) => file.Split('/')[2] is var room && room.EndsWith(".cs", StringComparison.Ordinal) ? "" : room;
        static int Place(string room) => Array.IndexOf(_order, room) is >= 0 and var place ? place : int.MaxValue;
    }
}
