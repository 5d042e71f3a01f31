using MbpoML.Components;
using MbpoML.Numerics;

namespace MbpoML.Policies.Files;

/// <summary>Reads saved policies, whoever wrote them.</summary>
internal static class PolicyFile
{
    /// <exception cref="PolicyFileException">It is not a saved policy, or cannot be opened.</exception>
    public static PolicyTransformer Load(ComponentContext context, string path, int maxBytes)
    {
        try
        {
            if (ForeignFile.Length(path) == 0) throw new InvalidDataException("it is empty");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Load(context, file, maxBytes);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new PolicyFileException($"The policy '{path}' cannot be loaded: {exception.Message.TrimEnd('.')}.", exception);
        }
        catch (PolicyFileException exception)
        {
            throw new PolicyFileException($"'{path}': {exception.Message}", exception);
        }
    }

    /// <exception cref="PolicyFileException">It is not a saved policy.</exception>
    public static PolicyTransformer Load(ComponentContext context, Stream stream, int maxBytes)
    {
        try
        {
            var bytes = ForeignFile.ToEnd(stream, maxBytes);
            var zip = PolicyArchive.IsZip(bytes.Span);
            var (actor, options) = PolicyOnnxReader.Read((zip ? PolicyArchive.ReadModel(bytes, maxBytes) : bytes).Span, batched: !zip);
            return new PolicyTransformer(context, actor, options);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new PolicyFileException($"This is no policy that can be loaded: {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
