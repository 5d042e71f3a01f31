namespace MbpoML.Architecture.Tests;

/// <summary>The rules find what breaks them.</summary>
public class RuleTests
{
    private const string Fixture = "MbpoML.Architecture.Tests.Fixture";

    private static readonly TypeGraph _fixture = TypeGraph.Read(typeof(RuleTests).Assembly.Location, Fixture + ".");

    [TestCase("MarkAttribute")]
    [TestCase("OfAttributeArgument")]
    [TestCase("OfConstraint")]
    [TestCase("OfGenericArgument")]
    [TestCase("OfBody")]
    [TestCase("OfHandlerException")]
    [TestCase("OfIterator")]
    [TestCase("OfLambda")]
    [TestCase("OfMethodArgument")]
    [TestCase("OfNested")]
    public void The_graph_sees_a_type_wherever_it_is_named(string type) =>
        Assert.That(_fixture.Edges, Does.Contain(new TypeEdge($"{Fixture}.Ground.Base`1", $"{Fixture}.Top.{type}")));

    [Test]
    public void An_edge_upwards_is_against_the_flow_and_one_downwards_is_not() =>
        Assert.Multiple(() =>
        {
            Assert.That(FolderRules.AgainstTheFlow(_fixture.Edges, Fixture, ["Ground", "Top"]), Is.Not.Empty.And.EqualTo(_fixture.Edges));
            Assert.That(FolderRules.AgainstTheFlow(_fixture.Edges, Fixture, ["Top", "Ground"]), Is.Empty);
        });

    [Test]
    public void A_room_without_a_place_is_an_error() =>
        Assert.That(() => FolderRules.AgainstTheFlow(Edges("A.X>B.Y"), "R", ["A"]), Throws.TypeOf<KeyNotFoundException>());

    [TestCase("A.X>B.Y B.Z>A.W", "A, B")]
    [TestCase("A.X>B.Y B.Z>C.W C.V>A.U", "A, B, C")]
    [TestCase("A.B.X>A.C.Y A.C.Z>A.B.W", "A.B, A.C")]
    [TestCase("A.B.X>C.Y C.Z>A.B.W", "A.B, C")]
    [TestCase("A.X>AB.Y AB.Z>A.W", "A, AB")]
    public void A_circle_of_folders_is_found(string edges, string circle) =>
        Assert.That(FolderRules.Cycles(Edges(edges), "R"), Has.Count.EqualTo(1).And.All.StartsWith(circle + ": "));

    [TestCase("A.X>B.Y B.Z>C.W A.V>C.U")]
    [TestCase("A.X>A.B.Y A.B.Z>A.W")]
    [TestCase("X>A.Y A.Z>X")]
    [TestCase("A.X>A.Y A.Y>A.X")]
    public void A_folder_and_those_in_it_may_know_one_another(string edges) => Assert.That(FolderRules.Cycles(Edges(edges), "R"), Is.Empty);

    [Test]
    public void Two_circles_are_two() => Assert.That(FolderRules.Cycles(Edges("A.X>B.Y B.Z>A.W C.X>D.Y D.Z>C.W A.V>C.U"), "R"), Has.Count.EqualTo(2));

    private static IEnumerable<TypeEdge> Edges(string text) =>
        text.Split(' ').Select(edge => edge.Split('>')).Select(ends => new TypeEdge("R." + ends[0], "R." + ends[1]));
}
