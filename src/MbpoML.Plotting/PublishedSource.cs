namespace MbpoML.Plotting;

/// <summary>A repository whose raw results published curves were computed from.</summary>
/// <param name="Repository">Owner, name and folder on GitHub, as in "4kubo/erl_lib, results/main/gym".</param>
/// <param name="Licence">The licence of the results, and whose they are.</param>
/// <param name="Sentence">What stands below a table or a picture: authors, repository, licence, and how the tasks differ from others.</param>
public sealed record PublishedSource(string Repository, string Licence, string Sentence);
