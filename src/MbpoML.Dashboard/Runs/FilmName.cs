namespace MbpoML.Dashboard.Runs;

/// <summary>A film as the page knows it.</summary>
/// <param name="Name">Its file in the folder of the run.</param>
/// <param name="IsVideo">Whether it is played rather than shown.</param>
internal sealed record FilmName(string Name, bool IsVideo);
