namespace MbpoML.Architecture.Tests.Fixture.Ground;

/// <summary>Knows the floor above in every way there is, which the rules have to find.</summary>
[Top.Mark(typeof(Top.OfAttributeArgument))]
internal sealed class Base<T>
    where T : Top.OfConstraint
{
    private readonly List<Top.OfGenericArgument[]> _field = [];

    public int Count => _field.Count;

    public static object InBody() => new Top.OfBody();

    public static string InHandler(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (Top.OfHandlerException)
        {
            return "caught";
        }
    }

    public static IEnumerable<string> InIterator()
    {
        yield return nameof(Base<T>) + Top.OfIterator.Text();
    }

    public static Func<object> InLambda(int size) => () => new Top.OfLambda[size];

    public static void InMethodArgument() => Array.Empty<Top.OfMethodArgument>().Clone();

    internal sealed class Nested
    {
        public Top.OfNested.Inner? Value { get; set; }
    }
}
