namespace MbpoML.Architecture.Tests.Fixture.Top;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class MarkAttribute(Type type) : Attribute
{
    public Type Type => type;
}

internal sealed class OfAttributeArgument;

internal interface OfConstraint;

internal sealed class OfGenericArgument;

internal sealed class OfBody;

internal sealed class OfHandlerException : Exception;

internal static class OfIterator
{
    public static string Text() => "";
}

internal sealed class OfLambda;

internal sealed class OfMethodArgument;

internal sealed class OfNested
{
    internal sealed class Inner;
}
