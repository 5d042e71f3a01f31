namespace MbpoML.Tool;

/// <summary>A command cannot do what it was rightly asked for; the message says why.</summary>
internal sealed class ToolException(string message) : Exception(message);
