namespace MbpoML.Orleans;

/// <summary>What a person reads of an error.</summary>
internal static class Notes
{
    /// <summary>The first line: Orleans puts the places in its code behind it.</summary>
    public static string Of(Exception exception) => exception.Message.Split('\n')[0].Trim();
}
