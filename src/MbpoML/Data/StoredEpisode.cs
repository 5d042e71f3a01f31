namespace MbpoML.Data;

/// <summary>Where an episode stands among the frames of all.</summary>
/// <param name="First">The number of its first frame.</param>
/// <param name="Frames">How many it has.</param>
/// <param name="End">How it ended.</param>
internal readonly record struct StoredEpisode(int First, int Frames, EpisodeEnd End);
