namespace MbpoML.Dashboard.Files;

/// <summary>Tells whether a file changed since it was read.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written);
