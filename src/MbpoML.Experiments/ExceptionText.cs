namespace MbpoML.Experiments;

/// <summary>What exceptions say, for a person at a command line.</summary>
internal static class ExceptionText
{
    /// <summary>The message on one line, without the parameter's name that .NET appends: it is one of the code.</summary>
    public static string Of(ArgumentException exception) =>
        exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
